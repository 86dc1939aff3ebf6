package lot4j.data;

import java.util.List;
import lot4j.Shape;

/**
 * A data set that has a name.
 *
 * @param name as a configuration has it, and the folder's name in the data directory
 * @param title what it shows, in a few words
 * @param terms licence or terms, and whom to cite
 * @param shape [channels, height, width] of an image
 * @param classes number of classes
 * @param train images of the complete training split
 * @param test images of the complete test split
 * @param downloads the official files; none if the set is built in
 */
public record DataSet(
    String name,
    String title,
    String terms,
    Shape shape,
    int classes,
    int train,
    int test,
    List<Download> downloads) {
  public DataSet {
    downloads = List.copyOf(downloads);
  }

  /**
   * One official file.
   *
   * @param address its public home
   * @param md5 lower-case hex digest as published
   * @param members for a {@code .tar.gz}: the files to take out of it; empty if it is kept as it is
   */
  public record Download(String address, String md5, List<String> members) {
    public Download {
      members = List.copyOf(members);
    }

    /** The file's name, the last part of its address. */
    public String file() {
      return address.substring(address.lastIndexOf('/') + 1);
    }
  }
}
