/**
 * Job arrays on a cluster with Slurm: what is asked of it, the batch script, and what its queue
 * says.
 */
package lot4j.sweep.slurm;
