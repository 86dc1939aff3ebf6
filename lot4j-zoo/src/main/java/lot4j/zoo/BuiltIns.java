package lot4j.zoo;

import java.util.Set;
import lot4j.config.Catalog;
import lot4j.config.Extension;
import lot4j.data.Augmentation;
import lot4j.model.language.AwdLstm;
import lot4j.model.language.Gpt;
import lot4j.model.language.Lstm;
import lot4j.model.language.TransformerXl;
import lot4j.model.tabular.TabularResNet;
import lot4j.model.vision.CifarResNet;
import lot4j.model.vision.Cnn;
import lot4j.model.vision.Mlp;
import lot4j.model.vision.MobileNetV2;
import lot4j.model.vision.PreResNet;
import lot4j.model.vision.ResNet;
import lot4j.task.ImageClassification;
import lot4j.task.LanguageModelling;
import lot4j.task.TableLearning;

/** The names of this module: models and tasks. */
public final class BuiltIns implements Extension {
  @Override
  public void register(Catalog catalog) {
    catalog.model("mlp", new Mlp(), "multi-layer perceptron; hidden, activation, dropout");
    catalog.model("cnn", new Cnn(), "small convolutional network; channels, hidden, dropout");
    catalog.model("preresnet", new PreResNet(20), "pre-activation ResNet for small images; depth");
    for (int depth : new int[] {20, 32, 56, 110}) {
      catalog.modelAlias(
          "preresnet" + depth,
          "preresnet",
          new PreResNet(depth),
          Set.of("depth"),
          depth < 44 ? "the same, basic blocks" : "the same, bottleneck blocks");
    }
    catalog.model("cifar-resnet", new CifarResNet(20), "He's ResNet for small images; depth");
    for (int depth : new int[] {20, 56}) {
      catalog.modelAlias(
          "cifar-resnet" + depth,
          "cifar-resnet",
          new CifarResNet(depth),
          Set.of("depth"),
          "the same, shortcuts without parameters");
    }
    catalog.model("resnet", new ResNet(18), "ResNet as in torchvision; depth");
    for (int depth : new int[] {18, 34, 50}) {
      catalog.modelAlias(
          "resnet" + depth, "resnet", new ResNet(depth), Set.of("depth"), "the same");
    }
    catalog.model(
        "mobilenetv2", new MobileNetV2(), "MobileNetV2 as in torchvision; width, dropout");
    catalog.model(
        "tabular-resnet",
        new TabularResNet(),
        "ResNet for tables; blocks, width, factor, dropout, residual-dropout");
    catalog.model(
        "gpt", new Gpt(), "GPT-2, causal Transformer; layers, width, heads, context, dropout");
    catalog.model(
        "lstm", new Lstm(), "LSTM language model; embedding, hidden, layers, dropout, tied");
    catalog.model(
        "awd-lstm", new AwdLstm(), "AWD-LSTM; embedding, hidden, layers and its many dropouts");
    catalog.model(
        "transformer-xl",
        new TransformerXl(),
        "Transformer-XL; layers, width, heads, head-width, inner, memory, dropout, tied, cutoffs,"
            + " div");
    catalog.task(
        "text",
        LanguageModelling.of("kjv"),
        Set.of("data"),
        "language modelling; plain text, PTB, WikiText, kjv");
    catalog.task(
        "image",
        ImageClassification.of("digits").withAugment(Augmentation.cropFlip()),
        Set.of("data"),
        "image classification; files, folders, CIFAR, MNIST, digits");
    catalog.task(
        "tabular",
        TableLearning.of("table.csv", "target"),
        Set.of("data", "target"),
        "a column of a table from the others, a class or a number; CSV");
  }
}
