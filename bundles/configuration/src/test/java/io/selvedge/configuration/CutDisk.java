package io.selvedge.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/** A disk on which the program is killed at a step: before it, or, where it writes, amid it. */
final class CutDisk extends Durable {

  /** The end of the program, which no code of it catches. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private final int killAt;
  int steps;

  CutDisk(int killAt) {
    this.killAt = killAt;
  }

  private boolean last() {
    return ++steps == killAt;
  }

  private void step() {
    if (last()) {
      throw new Killed();
    }
  }

  @Override
  void writeBeside(Path beside, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    if (last()) {
      Files.write(beside, Arrays.copyOf(content, content.length / 2));
      throw new Killed();
    }
    super.writeBeside(beside, content, permissions);
  }

  @Override
  void rename(Path beside, Path file) throws IOException {
    step();
    super.rename(beside, file);
  }

  @Override
  void remove(Path file) throws IOException {
    step();
    super.remove(file);
  }

  @Override
  void force(Path directory) throws IOException {
    step();
    super.force(directory);
  }
}
