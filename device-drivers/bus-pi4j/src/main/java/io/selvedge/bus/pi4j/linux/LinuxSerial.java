package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.SerialBus;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;

/** A serial port by its path. */
final class LinuxSerial implements SerialBus {

  private final String path;
  private final Kernel kernel;
  private final Tree tree;
  private final Poller poller;

  LinuxSerial(String path, Kernel kernel, Tree tree, Poller poller) {
    this.path = path;
    this.kernel = kernel;
    this.tree = tree;
    this.poller = poller;
  }

  @Override
  public String name() {
    return path;
  }

  @Override
  public SerialLink open(SerialOptions options) {
    return new LinuxSerialLink(path, options, kernel, tree, poller);
  }
}
