package lot4j.config;

import lot4j.train.TaskSpec;

/**
 * The section {@code task}.
 *
 * @param kind the name that the specification was chosen by, {@code image} for instance
 * @param spec its keys
 */
public record TaskConfig(String kind, TaskSpec spec) {}
