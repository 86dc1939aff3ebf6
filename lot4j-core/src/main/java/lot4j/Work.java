package lot4j;

/**
 * What a learner has computed so far, in samples.
 *
 * @param forward samples that went through a forward pass
 * @param backward samples that went through a backward pass
 * @param steps optimizer steps made
 */
public record Work(long forward, long backward, long steps) {
  /** No work. */
  public static final Work NONE = new Work(0, 0, 0);

  /** FLOPs of this work for a network whose forward costs {@code flops} a sample. */
  public double flops(double flops) {
    return flops * (forward + 2.0 * backward);
  }
}
