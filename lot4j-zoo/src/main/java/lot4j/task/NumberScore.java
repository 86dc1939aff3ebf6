package lot4j.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well several networks predict numbers, and how alike the first one and each later one: sums
 * over rows in double precision. Last comes the mixture of all their normals, if there are several.
 *
 * <p>The loss of a gaussian target is the mean negative logarithm of the density in the target's
 * own unit, of a squared one half the mean squared error over the training target's variance;
 * {@code rmse} and {@code mae} are in the target's unit, {@code r2} = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²
 * with the part's own mean ȳ; {@code distance} is the root of the mean squared difference between
 * what a network says and what the first one says, in the target's unit.
 */
final class NumberScore {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final TableTarget.Numbers target;
  private final int networks;
  private final double[] loss;
  private final double[] squares;
  private final double[] absolutes;
  private final double[] entropy;
  private final double[] studentTeacher;
  private final double[] teacherStudent;
  private final double[] apart;
  private double mean;
  private double spread;
  private long rows;

  /** Of no row yet. */
  NumberScore(TableTarget.Numbers target, int networks) {
    int all = networks > 1 ? networks + 1 : networks;
    this.target = target;
    this.networks = networks;
    this.loss = new double[all];
    this.squares = new double[all];
    this.absolutes = new double[all];
    this.entropy = new double[networks];
    this.studentTeacher = new double[networks];
    this.teacherStudent = new double[networks];
    this.apart = new double[networks];
  }

  /**
   * Adds a row.
   *
   * @param y the number in the target's own unit
   * @param means what each network says, standardised
   * @param logStds natural logarithm of each one's deviation, standardised
   */
  void add(double y, double[] means, double[] logStds) {
    rows++;
    double gap = y - mean;
    mean += gap / rows;
    spread += gap * (y - mean); // Welford: exact for targets far from 0
    double z = (y - target.mean()) / target.deviation();
    double average = 0;
    double[] logDensities = new double[networks];
    for (int i = 0; i < networks; i++) {
      double away = (z - means[i]) * Math.exp(-logStds[i]);
      logDensities[i] = -0.5 * away * away - logStds[i] - HALF_LOG_TWO_PI;
      loss[i] += ownUnit(-logDensities[i], z - means[i]);
      error(i, z - means[i]);
      entropy[i] += logStds[i] + 0.5 + HALF_LOG_TWO_PI + Math.log(target.deviation());
      average += means[i] / networks;
      if (i > 0) {
        studentTeacher[i] += kl(means[i], logStds[i], means[0], logStds[0]);
        teacherStudent[i] += kl(means[0], logStds[0], means[i], logStds[i]);
        double gapToFirst = (means[i] - means[0]) * target.deviation();
        apart[i] += gapToFirst * gapToFirst;
      }
    }
    if (networks > 1) {
      loss[networks] += ownUnit(-mixture(logDensities), z - average);
      error(networks, z - average);
    }
  }

  private void error(int of, double standardised) {
    double error = standardised * target.deviation();
    squares[of] += error * error;
    absolutes[of] += Math.abs(error);
  }

  private double ownUnit(double nll, double error) {
    return target.loss().ownDeviation() ? nll + Math.log(target.deviation()) : 0.5 * error * error;
  }

  private double mixture(double[] logDensities) {
    double most = Double.NEGATIVE_INFINITY;
    for (double each : logDensities) {
      most = Math.max(most, each);
    }
    double sum = 0;
    for (double each : logDensities) {
      sum += Math.exp(each - most);
    }
    return most + Math.log(sum / networks);
  }

  private static double kl(double mean, double logStd, double other, double otherLogStd) {
    double gap = mean - other;
    double ratio = Math.exp(2 * (logStd - otherLogStd));
    double away = gap * gap * Math.exp(-2 * otherLogStd);
    return Math.max(0, otherLogStd - logStd + 0.5 * (ratio + away - 1));
  }

  /** Means over the rows. */
  List<Map<String, Double>> metrics() {
    List<Map<String, Double>> all = new ArrayList<>();
    for (int i = 0; i < loss.length; i++) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("loss", loss[i] / rows);
      metrics.put("rmse", Math.sqrt(squares[i] / rows));
      metrics.put("mae", absolutes[i] / rows);
      metrics.put("r2", spread > 0 ? 1 - squares[i] / spread : Double.NaN);
      if (i < networks && target.loss().ownDeviation()) {
        metrics.put("entropy", entropy[i] / rows);
      }
      if (i > 0 && i < networks) {
        metrics.put("kl_free_reference", studentTeacher[i] / rows);
        metrics.put("kl_reference_free", teacherStudent[i] / rows);
        metrics.put("distance", Math.sqrt(apart[i] / rows));
      }
      all.add(metrics);
    }
    return all;
  }
}
