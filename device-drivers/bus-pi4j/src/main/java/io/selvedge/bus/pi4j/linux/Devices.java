package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import java.nio.file.Path;

/** Opens device files so that each way to fail says what would cure it. */
final class Devices {

  private Devices() {}

  /**
   * Opens a device file.
   *
   * @param group the group that such files have where the rules for them are installed
   * @param flags beside those that all need
   */
  static int open(Kernel kernel, Tree tree, Path device, String group, int flags)
      throws BusException {
    String path = tree.name(device);
    try {
      return kernel.open(path, Abi.O_RDWR | Abi.O_CLOEXEC | flags);
    } catch (Errno e) {
      if (e.isDenied()) {
        throw BusException.noPermission(path, tree.groupOf(device).orElse(group));
      }
      if (e.number == Errno.ENOENT) {
        throw new BusException(
            Kind.ABSENT, "[" + path + "] is not there; plug it in, or correct its name", e);
      }
      throw e.as("[" + path + "]");
    }
  }
}
