package lot4j.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import lot4j.task.PreparedTable;
import lot4j.task.TablePrediction;
import lot4j.train.Split;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;
import org.tribuo.regression.slm.ElasticNetCDTrainer;

/**
 * What usual models reach on exactly the rows that a run's networks learn from and are tested on:
 * logistic regression or nearly unregularized linear regression, and a random forest of 300 trees.
 * Categories become one number a value.
 */
final class Yardstick {
  private static final int TREES = 300;
  private static final int EPOCHS = 100;

  private final PreparedTable data;
  private final String[] names;
  private final TablePrediction prediction;
  private final long seed;

  Yardstick(PreparedTable data, long seed) {
    this.data = data;
    this.prediction = data.prediction();
    this.seed = seed;
    this.names =
        IntStream.range(0, width())
            .mapToObj(i -> String.format(Locale.ROOT, "f%05d", i))
            .toArray(String[]::new);
  }

  /** Test accuracy of logistic regression, or root mean squared error of linear regression. */
  double linear() {
    return data.normals()
        ? number(new ElasticNetCDTrainer(0.001, 0.01))
        : label(new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(0.1), EPOCHS, -1, 1, seed));
  }

  /** The same of a random forest. */
  double forest() {
    float part = (float) (1 / Math.sqrt(width()));
    if (data.normals()) {
      float third = Math.max(part, 1 / 3f); // the usual share for numbers: L. Breiman, 2001
      CARTRegressionTrainer tree =
          new CARTRegressionTrainer(
              Integer.MAX_VALUE, 2, 0, third, false, new MeanSquaredError(), seed);
      return number(new RandomForestTrainer<>(tree, new AveragingCombiner(), TREES, seed));
    }
    CARTClassificationTrainer tree =
        new CARTClassificationTrainer(Integer.MAX_VALUE, 1, 0, part, false, new GiniIndex(), seed);
    return label(new RandomForestTrainer<>(tree, new VotingCombiner(), TREES, seed));
  }

  /** The variance of the test rows' numbers about their own mean. */
  double variance() {
    double[] targets = data.targets(Split.TEST);
    double mean = Arrays.stream(targets).average().orElseThrow();
    return Arrays.stream(targets).map(y -> (y - mean) * (y - mean)).average().orElseThrow();
  }

  private double label(Trainer<Label> trainer) {
    Model<Label> model =
        trainer.train(rows(new LabelFactory(), value -> new Label(Integer.toString((int) value))));
    float[][] inputs = data.inputs(Split.TEST);
    double[] targets = data.targets(Split.TEST);
    int right = 0;
    for (int i = 0; i < inputs.length; i++) {
      Label label = new Label(Integer.toString((int) targets[i]));
      String said = model.predict(example(label, inputs[i])).getOutput().getLabel();
      right += said.equals(label.getLabel()) ? 1 : 0;
    }
    return (double) right / inputs.length;
  }

  private double number(Trainer<Regressor> trainer) {
    Model<Regressor> model =
        trainer.train(rows(new RegressionFactory(), value -> new Regressor("y", value)));
    float[][] inputs = data.inputs(Split.TEST);
    double[] targets = data.targets(Split.TEST);
    double squares = 0;
    for (int i = 0; i < inputs.length; i++) {
      double said =
          model
              .predict(example(new Regressor("y", targets[i]), inputs[i]))
              .getOutput()
              .getValues()[0];
      squares += (said - targets[i]) * (said - targets[i]);
    }
    return Math.sqrt(squares / inputs.length);
  }

  private interface Target<T> {
    T of(double value);
  }

  private <T extends Output<T>> MutableDataset<T> rows(OutputFactory<T> factory, Target<T> target) {
    MutableDataset<T> rows =
        new MutableDataset<>(new SimpleDataSourceProvenance("training rows", factory), factory);
    float[][] inputs = data.inputs(Split.TRAIN);
    double[] targets = data.targets(Split.TRAIN);
    for (int i = 0; i < inputs.length; i++) {
      rows.add(example(target.of(targets[i]), inputs[i]));
    }
    return rows;
  }

  private int width() {
    return prediction.encoding().numbers()
        + prediction.encoding().codes().stream().mapToInt(Integer::intValue).sum();
  }

  private <T extends Output<T>> ArrayExample<T> example(T target, float[] row) {
    double[] values = new double[width()];
    int numbers = prediction.encoding().numbers();
    for (int i = 0; i < numbers; i++) {
      values[i] = row[i];
    }
    int at = numbers;
    for (int i = 0; i < prediction.encoding().codes().size(); i++) {
      values[at + (int) row[numbers + i]] = 1;
      at += prediction.encoding().codes().get(i);
    }
    return new ArrayExample<>(target, names, values);
  }
}
