package lot4j.train;

import java.util.List;
import java.util.Map;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.distributed.Company;

/**
 * One process's part of a stream. Every process draws the whole stream, so that what is drawn does
 * not depend on how it is dealt out, and keeps its own.
 */
final class DealtStream<B> implements BatchSource<B> {
  private final BatchSource<B> whole;
  private final Dealing<B> dealing;
  private final Company company;

  DealtStream(BatchSource<B> whole, Dealing<B> dealing, Company company) {
    this.whole = whole;
    this.dealing = dealing;
    this.company = company;
  }

  @Override
  public List<B> next() {
    return own(whole.next());
  }

  @Override
  public Portion<B> portion(Task<B> task) {
    List<B> all = whole.next();
    return Portion.of(task, all, own(all));
  }

  private List<B> own(List<B> all) {
    return dealing.own(all, company.rank(), company.size());
  }

  @Override
  public Map<String, Double> report() {
    return whole.report();
  }

  @Override
  public double flops() {
    return whole.flops();
  }

  @Override
  public void save(StateWriter out) {
    whole.save(out);
  }

  @Override
  public void restore(StateReader in) {
    whole.restore(in);
  }

  @Override
  public void close() {
    whole.close();
  }
}
