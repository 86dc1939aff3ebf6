package lot4j.distributed;

/**
 * The end of the work together, for one process is lost.
 *
 * @param rank the one that is lost
 * @param code the exit code that it gave, or 1 if it could not say any
 * @param told whether that process has said itself, in a message of its own, what is wrong
 * @param message one clear line, which names it
 */
public record Loss(int rank, int code, boolean told, String message) {}
