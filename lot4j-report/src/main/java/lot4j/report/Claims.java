package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.stats.Holm;
import lot4j.stats.PairedTest;
import lot4j.stats.SignFlipTest;

/**
 * What a comparison claims, corrected together: every method that is no baseline itself, against
 * its own baseline.
 *
 * <p>One of many methods looks better by chance; Holm's correction keeps the chance of any false
 * claim below the level. Comparisons of methods among themselves are not in the family: nobody
 * asked them beforehand.
 *
 * @param claims in the order of the methods; none without a common seed
 */
record Claims(List<Claim> claims) {
  /**
   * One method against its baseline.
   *
   * @param difference method − baseline
   * @param test sign flips of the paired differences
   * @param holm its p, corrected for the number of claims
   */
  record Claim(
      String method, String baseline, PairedTest difference, SignFlipTest test, double holm) {}

  static Claims of(List<MethodResult> methods, boolean reinforcement) {
    List<Claim> raw = new ArrayList<>();
    for (MethodResult method : methods) {
      Optional<MethodResult> against =
          Baselines.isBaseline(method)
              ? Optional.empty()
              : Baselines.of(method, methods, reinforcement);
      against.flatMap(baseline -> uncorrected(method, baseline)).ifPresent(raw::add);
    }
    double[] holm = Holm.adjusted(raw.stream().mapToDouble(Claim::holm).toArray());
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < holm.length; i++) {
      Claim claim = raw.get(i);
      claims.add(
          new Claim(claim.method(), claim.baseline(), claim.difference(), claim.test(), holm[i]));
    }
    return new Claims(List.copyOf(claims));
  }

  private static Optional<Claim> uncorrected(MethodResult method, MethodResult baseline) {
    PairedTest difference = PairedTest.of(method.values(), baseline.values());
    return SignFlipTest.of(difference.differences())
        .map(test -> new Claim(method.label(), baseline.label(), difference, test, test.p()));
  }

  /** The claim about these two, whichever stands first. */
  Optional<Claim> of(String a, String b) {
    return claims.stream()
        .filter(
            claim ->
                claim.method().equals(a) && claim.baseline().equals(b)
                    || claim.method().equals(b) && claim.baseline().equals(a))
        .findFirst();
  }

  /** The claim about a method; empty for baselines. */
  Optional<Claim> of(String method) {
    return claims.stream().filter(claim -> claim.method().equals(method)).findFirst();
  }

  /** In words: {@code p 0.031 by sign flips (the smallest 6 seeds can reach)}. */
  String words(Claim claim) {
    SignFlipTest test = claim.test();
    String text = "p " + p(test.p()) + " by sign flips";
    if (test.p() == test.smallestP()) {
      text += " (the smallest " + Format.plural(test.n(), "seed") + " can reach)";
    }
    return claims.size() > 1
        ? text + ", " + p(claim.holm()) + " after Holm for " + claims.size() + " methods"
        : text;
  }

  /** All of them in one line, for a table's foot; empty if there are none. */
  Optional<String> line() {
    if (claims.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder("Sign-flip p against the baseline");
    text.append(claims.size() > 1 ? " [after Holm for " + claims.size() + " methods]: " : ": ");
    List<String> parts =
        claims.stream()
            .map(
                claim ->
                    claim.method()
                        + " "
                        + p(claim.test().p())
                        + (claims.size() > 1 ? " [" + p(claim.holm()) + "]" : ""))
            .toList();
    text.append(String.join(", ", parts));
    List<Integer> sizes = claims.stream().map(claim -> claim.test().n()).distinct().toList();
    if (sizes.size() == 1) {
      text.append("; ").append(Format.plural(sizes.get(0), "seed")).append(" can reach ");
      text.append(p(claims.get(0).test().smallestP()));
    }
    return Optional.of(text.append('.').toString());
  }

  /** Two digits; what is smaller than 0.0001 is said to be so. */
  static String p(double p) {
    return p < 1e-4 ? "< 0.0001" : Format.significant(p, 2);
  }
}
