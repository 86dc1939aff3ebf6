package lot4j;

import org.bytedeco.pytorch.Tensor;

/**
 * What a step measured in which teacher and students learn from the same answers.
 *
 * @param task the teacher's task loss, shape [], a constant
 * @param penalty the teacher's regularizer, constants
 * @param lesson what the students' losses came to
 */
public record Joint(Tensor task, Penalty penalty, Lesson lesson) {}
