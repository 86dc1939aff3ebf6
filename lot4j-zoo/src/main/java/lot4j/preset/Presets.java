package lot4j.preset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import lot4j.config.ConfigSource;

/** Built-in configurations by name. */
public final class Presets {
  private static final String FOLDER = "/lot4j/presets/";
  private static final String FURTHER = "lot4j/presets/names";

  private Presets() {}

  /** All names, the newcomer's first. */
  public static List<String> names() {
    List<String> names =
        new ArrayList<>(
            List.of("digits", "digits-unlabelled", "digits-probe", "cheap", "study-digits"));
    for (String data : List.of("cifar100", "cifar10")) {
      for (String pair :
          List.of(
              "preresnet20", "preresnet20-preresnet56", "preresnet56-preresnet20", "preresnet56")) {
        names.add(data + "-" + pair);
        names.add(data + "-" + pair + "-small");
      }
    }
    names.addAll(
        List.of(
            "cifar100-probe-preresnet20",
            "cifar100-probe-preresnet56",
            "study-cifar100",
            "study-cifar100-full",
            "study-ptb",
            "study-ptb-full",
            "kjv-char",
            "ptb-lstm",
            "ptb-lstm-v3",
            "ptb-lstm-small",
            "ptb-awd-lstm",
            "ptb-transformerxl",
            "ptb-transformerxl-small",
            "shakespeare-gpt-small",
            "sums-llama-small",
            "llama2-7b-gsm8k",
            "llama2-7b-gsm8k-lora",
            "wikitext2-lstm-small",
            "wikitext103-lstm",
            "wikitext103-transformerxl",
            "wikitext103-transformerxl-base",
            "wikitext103-transformerxl-large"));
    for (String pair :
        List.of(
            "resnet18",
            "resnet18-mobilenetv2",
            "resnet18-resnet50",
            "resnet50",
            "resnet50-mobilenetv2",
            "resnet50-resnet18",
            "vit-b16",
            "vit-b16-vit-l16",
            "vit-l16",
            "vit-l16-vit-b16")) {
      names.add("finetune-cifar100-" + pair);
    }
    for (String pair :
        List.of(
            "vit-b16",
            "vit-b16-vit-l16",
            "vit-l16",
            "vit-l16-vit-b16",
            "swin-b",
            "swin-b-swin-l",
            "swin-l",
            "swin-l-swin-b")) {
      names.add("finetune-imagenet-" + pair);
    }
    names.addAll(further());
    return names;
  }

  /** The presets of other modules, as each lists them in {@code lot4j/presets/names}. */
  private static List<String> further() {
    List<String> names = new ArrayList<>();
    try {
      for (URL list : Collections.list(Presets.class.getClassLoader().getResources(FURTHER))) {
        try (InputStream in = list.openStream()) {
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(names::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the lists of presets: " + e.getMessage(), e);
    }
    return names;
  }

  /** The preset of that name. */
  public static Optional<ConfigSource> find(String name) {
    return names().contains(name)
        ? Optional.of(ConfigSource.of(name, text(name)))
        : Optional.empty();
  }

  /** A preset's first comment line, without the mark. */
  public static String about(String name) {
    return text(name)
        .lines()
        .takeWhile(line -> line.startsWith("#"))
        .map(line -> line.substring(1).strip())
        .reduce((a, b) -> a.endsWith(".") ? a : a + " " + b)
        .map(all -> all.replaceAll("(?<=[a-z0-9)])\\. .*", "."))
        .orElse("");
  }

  private static String text(String name) {
    try (InputStream in = Presets.class.getResourceAsStream(FOLDER + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("preset " + name + " has no file");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("preset " + name + ": " + e.getMessage(), e);
    }
  }
}
