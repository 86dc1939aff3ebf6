package lot4j.method;

import lot4j.train.Pace;

/**
 * The two streams' step sizes.
 *
 * @param task of the teacher's stream
 * @param student of the students' stream
 */
public record Paces(Pace task, Pace student) {}
