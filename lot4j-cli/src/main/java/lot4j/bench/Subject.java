package lot4j.bench;

import java.util.Arrays;
import java.util.Collections;

/** What the workloads of a kind begin with, before overrides. */
enum Subject {
  /** PreResNet-20 on CIFAR-100's shapes. */
  IMAGES(
      "images",
      "PreResNet-20",
      128,
      1,
      """
      task:
        kind: image
        data: cifar100
        augment: crop-flip
        normalize: half
        validation: none
        allow-subset: true
      teacher: {model: preresnet20}
      students: [{model: preresnet20}]
      optimizer: {kind: sgd, lr: 0.01, momentum: 0.9, nesterov: true, weight-decay: 1e-4}
      """),
  /** LoT's LSTM for the Penn Treebank. */
  LSTM(
      "lstm",
      "LSTM",
      20,
      35,
      """
      task: {kind: text, data: ptb, tokens: word, length: 35, allow-subset: true}
      teacher: {model: lstm, embedding: 650, hidden: 650, layers: 2, dropout: 0.45}
      students: [{model: lstm, embedding: 650, hidden: 650, layers: 2, dropout: 0.45}]
      optimizer: {kind: sgd, lr: 30, momentum: 0.3, nesterov: false, weight-decay: 0, clip: 0.2}
      """),
  /** LoT's Transformer-XL for the Penn Treebank. */
  TRANSFORMER_XL(
      "transformer-xl",
      "Transformer-XL",
      60,
      70,
      """
      task: {kind: text, data: ptb, tokens: word, length: 70, allow-subset: true}
      teacher: {model: transformer-xl}
      students: [{model: transformer-xl}]
      optimizer: {kind: adam, lr: 0.001, clip: 0.35}
      """),
  /** PPO on CartPole with two networks of 64-64; the keys that most implementations begin with. */
  ACTOR_CRITIC(
      "actor-critic",
      "PPO on CartPole, two networks of 64-64",
      64,
      1,
      """
      task: {kind: rl, environment: cartpole, envs: 8, rollout: 128}
      ppo: {epochs: 4}
      teacher: {model: actor-critic, hidden: [64, 64]}
      students: [{model: actor-critic, hidden: [64, 64]}]
      optimizer: {kind: adam, lr: 2.5e-4, eps: 1e-5, clip: 0.5}
      """),
  /** PPO on a game of 10 by 10 cells with the network of the preset. */
  GRID_CNN(
      "grid-cnn",
      "PPO on MinAtar-style Breakout, a small convolutional network",
      256,
      1,
      """
      task: {kind: rl, environment: minatar-breakout, envs: 16, rollout: 128}
      ppo: {epochs: 4}
      teacher: {model: grid-cnn, channels: [16], hidden: 128}
      students: [{model: grid-cnn, channels: [16], hidden: 128}]
      optimizer: {kind: adam, lr: 2.5e-4, eps: 1e-5, clip: 0.5}
      """);

  /** More updates than anyone measures: no evaluation and no checkpoint falls due. */
  private static final String ENDLESS =
      """
      name: bench
      method: teacher-only
      batch-size: %d
      budget: {updates: 1000000000}
      eval-every: 1000000000
      checkpoint: {every: 1000000000}
      seeds: [0]
      """;

  private final String key;
  private final String title;
  private final int batch;
  private final int length;
  private final String sections;

  Subject(String key, String title, int batch, int length, String sections) {
    this.key = key;
    this.title = title;
    this.batch = batch;
    this.length = length;
    this.sections = sections;
  }

  /** The one that a measuring process names. */
  static Subject of(String key) {
    return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst().orElseThrow();
  }

  /** Its name between processes. */
  String key() {
    return key;
  }

  /** Its name in sentences. */
  String title() {
    return title;
  }

  /** Images, columns of text or agent steps an update learns from. */
  int batch() {
    return batch;
  }

  /** Tokens of each column that a step takes; 1 where there is no text. */
  int length() {
    return length;
  }

  /** The override that makes its student several alike. */
  String students(int count) {
    String line = sections.lines().filter(each -> each.startsWith("students: ")).findFirst().get();
    String one = line.substring(line.indexOf('{'), line.lastIndexOf('}') + 1);
    return "students=[" + String.join(", ", Collections.nCopies(count, one)) + "]";
  }

  /** The configuration, in YAML. */
  String yaml() {
    return ENDLESS.formatted(batch) + sections;
  }
}
