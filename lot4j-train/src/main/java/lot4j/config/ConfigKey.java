package lot4j.config;

/**
 * A key of a configuration as the program itself has it.
 *
 * @param path as written, {@code lot.alpha}; a list's items are {@code []}
 * @param owner the record whose component it is
 * @param component the component's name
 * @param allowed what may stand there, in the words of the refusal of anything else
 * @param usual what holds where it is not given, as YAML on one line; {@code required} where
 *     something has to be given; what depends on other keys is added after a semicolon
 */
public record ConfigKey(
    String path, Class<?> owner, String component, String allowed, String usual) {
  /** The word in place of a default where there is none. */
  public static final String REQUIRED = "required";
}
