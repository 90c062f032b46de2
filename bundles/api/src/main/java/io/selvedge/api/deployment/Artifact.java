package io.selvedge.api.deployment;

import java.util.List;
import java.util.Objects;

/**
 * An immutable thing that a gateway can run: its files are named by their digests.
 *
 * @param kind what it is
 * @param name its name, lower case: {@code occupancy}
 * @param version its version: {@code 7}, {@code 1.2.0}; part of file names
 * @param files its files, at least one
 */
public record Artifact(Kind kind, String name, String version, List<File> files) {

  /** The four kinds. */
  public enum Kind {
    /** {@code model.json} (the manifest) and {@code model.onnx}. */
    MODEL,
    /** {@code flow.json}. */
    FLOW,
    /** {@code bundle.jar}. */
    BUNDLE,
    /** {@code <PID>.cfg}. */
    CONFIGURATION
  }

  /**
   * One file of an artifact.
   *
   * @param path file name within the artifact, without directories
   * @param sha256 64 lower case hexadecimal digits
   * @param size bytes
   */
  public record File(String path, String sha256, long size) {

    public File {
      if (!path.matches("[A-Za-z0-9][A-Za-z0-9._~-]{0,127}")) {
        throw new IllegalArgumentException(
            "artifact file [" + path + "] must be a plain file name, for example [model.onnx]");
      }
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "sha256 [" + sha256 + "] must be 64 lower case hexadecimal digits");
      }
      if (size < 0) {
        throw new IllegalArgumentException("size [" + size + "] must not be negative");
      }
    }
  }

  public Artifact {
    Objects.requireNonNull(kind, "kind must not be null");
    if (!version.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")) {
      throw new IllegalArgumentException(
          "artifact version ["
              + version
              + "] must start with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ + -");
    }
    if (!name.matches("[a-z][a-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "artifact name ["
              + name
              + "] must start with a lower case letter and hold at most 64 of a-z 0-9 . _ -");
    }
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("artifact [" + name + "] must have at least one file");
    }
  }
}
