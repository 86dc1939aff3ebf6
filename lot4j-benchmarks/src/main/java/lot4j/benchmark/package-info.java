/**
 * JMH benchmarks of the parts whose cost is not obvious from a whole step: measures, optimizer,
 * augmentation, checkpoint files, random orders. May depend on everything; nothing depends on it.
 */
package lot4j.benchmark;
