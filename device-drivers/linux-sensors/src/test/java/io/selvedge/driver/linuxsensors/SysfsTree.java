package io.selvedge.driver.linuxsensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree of files as a kernel shows it. */
record SysfsTree(Path root) {

  SysfsTree put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
    return this;
  }
}
