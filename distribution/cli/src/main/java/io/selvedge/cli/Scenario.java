package io.selvedge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** Where the demo's readings come from: what differs between a simulated and a recorded office. */
interface Scenario {

  /** For people. */
  String title();

  /** Writes flows, and devices other than the office, into a gateway's configuration. */
  void configure(Path conf) throws IOException;

  /** Adds the office as a device: its readings begin. */
  void begin(Path conf) throws IOException;

  /** Rows of the office that the hub trains on. */
  long trainingRows();

  /** The time that the hub trains on, by the readings' own clock. */
  Instant trainingFrom();

  /** End of {@link #trainingFrom()}'s span, exclusive. */
  Instant trainingTo();

  /**
   * Switches the gateway to what it is judged on.
   *
   * @param liveAt time of the row that was decided upon last when the model was live
   */
  void judge(Path conf, Instant liveAt) throws IOException;

  /** Lets the readings rest, so that both ends can be counted. */
  void pause(Path conf) throws IOException;

  /** Lets them go on. */
  void resume(Path conf) throws IOException;

  /** Rows of the office that the model is judged on. */
  long judgedRows();

  /** The time that the model is judged on. */
  Instant judgedFrom();

  /** End of {@link #judgedFrom()}'s span, exclusive. */
  Instant judgedTo();

  /** The device whose channel {@code fan} the flow commands. */
  String fanDevice();

  /** What the decisions must reach at least. */
  double leastBalancedAccuracy();
}
