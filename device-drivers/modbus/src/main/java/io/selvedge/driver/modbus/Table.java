package io.selvedge.driver.modbus;

import java.util.Locale;

/** The four tables of a Modbus device (Modbus application protocol V1.1b3, 4.3). */
enum Table {
  COIL(2000),
  DISCRETE(2000),
  INPUT(125),
  HOLDING(125);

  /** What one request may ask for (6.1 to 6.4). */
  final int most;

  Table(int most) {
    this.most = most;
  }

  boolean bits() {
    return this == COIL || this == DISCRETE;
  }

  boolean writable() {
    return this == COIL || this == HOLDING;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
