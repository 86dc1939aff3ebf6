/**
 * The built-in configurations, one YAML file a preset, as resources. {@link lot4j.preset.Presets}
 * lists and reads them. Depends on {@code lot4j.config}.
 *
 * <pre>{@code
 * ConfigSource digits = Presets.find("digits").orElseThrow();
 * }</pre>
 */
package lot4j.preset;
