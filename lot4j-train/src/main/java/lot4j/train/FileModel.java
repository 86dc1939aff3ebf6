package lot4j.train;

import java.nio.file.Path;
import java.util.Optional;
import lot4j.ModelSpec;

/**
 * A network that a file of the user's describes. A run keeps a copy of the file in its directory
 * and the digest of its content in its configuration, so that it can go on when the file is gone,
 * and never goes on with another one.
 */
public interface FileModel extends ModelSpec {
  /** The file. */
  Path file();

  /** SHA-256 that its content must have, lower-case hex; empty before a run has begun. */
  Optional<String> sha256();

  /** The same network from a file of that content. */
  ModelSpec pinned(Path file, String sha256);
}
