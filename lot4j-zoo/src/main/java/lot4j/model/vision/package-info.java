/**
 * Networks for images and for rows of numbers: each one file, a record that can build itself.
 *
 * <p>The record's components are the keys of a configuration; {@link lot4j.ModelSpec#build} makes
 * the network from the engine's global generator, {@link lot4j.ModelSpec#census} counts it from
 * shapes alone. Parameters and buffers carry the names of a PyTorch {@code state_dict}, so that
 * weights go to PyTorch and come back. The published networks are {@link
 * lot4j.model.vision.PreResNet}, {@link lot4j.model.vision.CifarResNet}, {@link
 * lot4j.model.vision.ResNet}, {@link lot4j.model.vision.MobileNetV2}, {@link
 * lot4j.model.vision.Vit} and {@link lot4j.model.vision.Swin}; {@link lot4j.model.vision.Cnn} and
 * {@link lot4j.model.vision.Mlp} are small ones of any size.
 *
 * <p>Convolutional networks compute with channels last in memory, whatever the layout of their
 * inputs. What a forward computes on the way is released as soon as gradients no longer need it.
 *
 * <p>Depends on: {@code lot4j} and the engine.
 */
package lot4j.model.vision;
