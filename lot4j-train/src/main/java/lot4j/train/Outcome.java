package lot4j.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How a run's training ended.
 *
 * @param status done, interrupted or diverged
 * @param message why, for a run that diverged; empty otherwise
 * @param splits final metrics by split and learner of the chosen checkpoint; empty unless done
 * @param selectedStep the teacher step of the chosen checkpoint
 * @param selectedOn {@code valid} or {@code none (last)}
 * @param teacherUpdates teacher steps made
 * @param studentUpdates student steps made, all students together
 * @param flops by the counting rule of {@link lot4j.Census}
 * @param wallSeconds time spent, without downtime
 * @param primary the deciding metric on the test split, if there is one
 * @param details what lies behind the test scores, by learner; empty if nothing does
 */
public record Outcome(
    RunStatus status,
    String message,
    Map<String, Map<String, Map<String, Double>>> splits,
    long selectedStep,
    String selectedOn,
    long teacherUpdates,
    long studentUpdates,
    double flops,
    double wallSeconds,
    OptionalDouble primary,
    Map<String, ObjectNode> details) {}
