/**
 * What a sweep trains, without training it: {@link lot4j.sweep.Axis} reads a key and its values,
 * {@link lot4j.sweep.Design} makes points of them, {@link lot4j.sweep.Halving} says who goes on.
 * May depend on the training and report modules; the commands do the work.
 */
package lot4j.sweep;
