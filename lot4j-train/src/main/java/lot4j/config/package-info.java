/**
 * Configurations: YAML read strictly into records, and written back in full.
 *
 * <p>{@link lot4j.config.ConfigReader} reads, {@link lot4j.config.RunConfig} is what determines one
 * run, {@link lot4j.config.Catalog} knows what can be named. Depends on the specifications of
 * {@code lot4j}, {@code lot4j.optim} and {@code lot4j.train}, and on a YAML and a JSON library.
 *
 * <pre>{@code
 * Catalog catalog = Catalog.load();
 * RunConfig run = new ConfigReader(catalog).readRun(ConfigSource.file(path), List.of());
 * Files.writeString(directory.resolve("config.yaml"), new ConfigWriter(catalog).yaml(run));
 * }</pre>
 */
package lot4j.config;
