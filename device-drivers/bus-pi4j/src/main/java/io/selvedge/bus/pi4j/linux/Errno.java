package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import java.util.Map;

/** A system call failed, and how. Numbers are the same on x86-64, aarch64 and armhf. */
final class Errno extends Exception {

  private static final long serialVersionUID = 1;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENOTTY = 25;
  static final int EBADMSG = 74;
  static final int EOPNOTSUPP = 95;
  static final int ESHUTDOWN = 108;
  static final int ETIMEDOUT = 110;
  static final int EREMOTEIO = 121;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM"),
          Map.entry(ENOENT, "ENOENT"),
          Map.entry(EINTR, "EINTR"),
          Map.entry(EIO, "EIO"),
          Map.entry(ENXIO, "ENXIO"),
          Map.entry(EAGAIN, "EAGAIN"),
          Map.entry(EACCES, "EACCES"),
          Map.entry(EBUSY, "EBUSY"),
          Map.entry(ENODEV, "ENODEV"),
          Map.entry(EINVAL, "EINVAL"),
          Map.entry(ENOTTY, "ENOTTY"),
          Map.entry(EBADMSG, "EBADMSG"),
          Map.entry(EOPNOTSUPP, "EOPNOTSUPP"),
          Map.entry(ESHUTDOWN, "ESHUTDOWN"),
          Map.entry(ETIMEDOUT, "ETIMEDOUT"),
          Map.entry(EREMOTEIO, "EREMOTEIO"));

  final int number;

  Errno(int number) {
    super(NAMES.getOrDefault(number, "errno " + number), null, false, false);
    this.number = number;
  }

  /** True where the device behind an open descriptor has gone. */
  boolean isGone() {
    return number == ENODEV || number == ESHUTDOWN || number == ENOENT;
  }

  boolean isDenied() {
    return number == EACCES || number == EPERM;
  }

  /** What it means to a driver, with this said first. */
  BusException as(String what) {
    return new BusException(kind(), what + ": " + meaning() + " [" + getMessage() + "]", this);
  }

  private Kind kind() {
    return switch (number) {
      case ENOENT, ENXIO, ENODEV, EREMOTEIO, ESHUTDOWN -> Kind.ABSENT;
      case EAGAIN, EBUSY -> Kind.BUSY;
      case EACCES, EPERM -> Kind.NO_PERMISSION;
      case EBADMSG -> Kind.CRC;
      case ETIMEDOUT -> Kind.TIMEOUT;
      default -> Kind.IO;
    };
  }

  private String meaning() {
    return switch (number) {
      case ENXIO, EREMOTEIO -> "nothing answers";
      case ENOENT, ENODEV, ESHUTDOWN -> "it is not there (any more)";
      case EAGAIN, EBUSY -> "it is in use";
      case EBADMSG -> "the check sum does not fit";
      case ETIMEDOUT -> "no answer in time";
      case EINVAL, ENOTTY, EOPNOTSUPP -> "the kernel or the hardware cannot do this";
      default -> "the kernel refused it";
    };
  }
}
