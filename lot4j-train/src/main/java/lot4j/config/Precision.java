package lot4j.config;

/** The type that matrix products and convolutions are computed in. */
public enum Precision {
  /** Single precision. */
  FLOAT32,
  /** Brain floating point; weights stay single precision. */
  BFLOAT16
}
