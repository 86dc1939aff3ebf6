package lot4j.method;

import lot4j.Require;

/**
 * LoT whose students begin anew now and then, with fresh initial weights and an optimizer that
 * remembers nothing: how far they are from the teacher then tells how fast it is learnt, which is
 * closer to the paper's hypothesis than the distance of a student that follows all the time.
 *
 * <p>The students' learning rate goes on with the run's schedule.
 *
 * @param lot the method
 * @param period teacher steps of a generation of students, 1 or more
 */
public record FreshStudent(LotMethod lot, long period) implements MethodSpec {
  /**
   * The section {@code fresh-student}.
   *
   * @param period teacher steps of a generation of students, 1 or more
   */
  public record Keys(long period) {
    public Keys {
      Require.atLeast("period", period, 1L);
    }

    /** A hundred steps. */
    public static Keys defaults() {
      return new Keys(100);
    }
  }

  public FreshStudent {
    Require.atLeast("period", period, 1L);
  }

  @Override
  public FreshStudent at(Paces paces) {
    return new FreshStudent(lot.at(paces), period);
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    Method method = lot.over(setting);
    return step -> {
      if (step > 0 && step % period == 0) {
        for (int i = 0; i < setting.students().size(); i++) {
          setting.networks().renew(i, step / period);
        }
      }
      return method.update(step);
    };
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return lot.bill(updates, students, paces);
  }
}
