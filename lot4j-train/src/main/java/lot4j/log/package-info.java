/**
 * Where measurements go: {@link lot4j.log.MetricLine} is one of them, {@link lot4j.log.MetricSink}
 * takes them, {@link lot4j.log.JsonLinesSink} and {@link lot4j.log.TensorBoardSink} write them to
 * files that can be cut back on resume. Depends on {@code lot4j.checkpoint}, {@code
 * lot4j.train.Split} and a JSON library.
 *
 * <pre>{@code
 * try (JsonLinesSink sink = JsonLinesSink.open(run.resolve("metrics.jsonl"))) {
 *   sink.write(new MetricLine(10, 0.5, Split.TRAIN, 1.5, 2e9, 640, Map.of("teacher/loss", 0.3)));
 * }
 * }</pre>
 */
package lot4j.log;
