/**
 * The live page of {@code lot watch}: what trains and what has finished under a directory, in a
 * browser of this machine.
 *
 * <p>The types to know are {@link lot4j.watch.Watch}, the server as a whole; {@code Board}, what is
 * known of every run, with a revision for each change; and {@code Gate}, which decides who is
 * answered. A pass over the directory ({@code Walk}, {@code RunFeed}) opens only files whose size,
 * time or identity changed; curves are read when somebody looks at them ({@code Curves}) and are
 * thinned before they are sent ({@code Thinning}).
 *
 * <p>Nothing is written. What stands in files is not trusted: it leaves here as JSON, and the page
 * shows it as text. Symbolic links are not followed.
 *
 * <p>May depend on: lot4j-report, lot4j-stats, Jackson, Javalin. No training, no tensors.
 *
 * <pre>{@code
 * try (Watch watch = Watch.of(Path.of("runs"), OptionalInt.empty())) {
 *   System.out.println(watch.address());
 *   Thread.currentThread().join();
 * }
 * }</pre>
 */
package lot4j.watch;
