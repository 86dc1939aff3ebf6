package lot4j.data;

/**
 * A request and what is to be answered.
 *
 * @param prompt the request, without a template
 * @param answer the right answer
 */
public record Instruction(String prompt, String answer) {}
