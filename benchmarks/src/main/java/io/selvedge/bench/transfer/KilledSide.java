package io.selvedge.bench.transfer;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.Source;
import java.nio.file.Path;
import java.util.Optional;

/** A gateway's side in a process of its own, to be killed while it fetches. */
public final class KilledSide {

  private KilledSide() {}

  /**
   * Fetches.
   *
   * @param arguments directory, broker's port, the file's SHA-256, its size, the list's SHA-256
   */
  public static void main(String[] arguments) throws Exception {
    try (Side side = new Side(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
      Artifact.File file =
          new Artifact.File("model.onnx", arguments[2], Long.parseLong(arguments[3]));
      Source.Blocks blocks = new Source.Blocks(Source.MOST_BLOCK, arguments[4]);
      side.fetcher().fetch(file, new Source("", Optional.of(blocks), Optional.empty()));
    }
  }
}
