package io.selvedge.api.bus;

/** The clock's idle level and the edge on which bits are taken. */
public enum SpiMode {
  /** Idle low, first edge. */
  MODE_0,
  /** Idle low, second edge. */
  MODE_1,
  /** Idle high, first edge. */
  MODE_2,
  /** Idle high, second edge. */
  MODE_3
}
