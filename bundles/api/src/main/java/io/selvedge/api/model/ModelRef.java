package io.selvedge.api.model;

import java.util.Objects;

/**
 * One version of one model.
 *
 * @param name the model's name, lower case: {@code occupancy}
 * @param version the version, rising: {@code 7}
 * @param sha256 digest of the model's file, 64 lower case hexadecimal digits
 */
public record ModelRef(String name, String version, String sha256) {

  public ModelRef {
    Objects.requireNonNull(name, "name must not be null");
    Objects.requireNonNull(version, "version must not be null");
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "sha256 [" + sha256 + "] must be 64 lower case hexadecimal digits");
    }
  }

  @Override
  public String toString() {
    return name + " " + version + " (" + sha256.substring(0, 12) + ")";
  }
}
