package io.selvedge.hub.store;

import java.time.Instant;

/** What was stored of gateways' messages, as it is read again. */
public final class Stored {

  private Stored() {}

  /**
   * One value of one channel.
   *
   * @param message number of its row
   * @param series number of its channel; with the row's it names the measurement
   * @param value as JSON: number, true or false, or text; the reason where it is missing
   * @param missing whether there is no value
   */
  public record Measurement(
      long message,
      int series,
      String gateway,
      String device,
      String channel,
      String unit,
      Instant time,
      Object value,
      boolean missing) {}

  /**
   * One decision.
   *
   * @param id rises in the order of arrival
   * @param body JSON as the gateway sent it
   */
  public record Decision(long id, String gateway, String flow, Instant time, String body) {}

  /** One event; the id rises in the order of arrival. */
  public record Event(
      long id,
      String gateway,
      Instant time,
      String severity,
      String source,
      String code,
      String message) {}

  /**
   * A message of an application without a table of its own.
   *
   * @param id rises in the order of arrival
   * @param metrics a JSON object
   */
  public record Other(
      long id,
      String gateway,
      String app,
      String resource,
      Instant time,
      String metrics,
      byte[] body) {}

  /**
   * How many measurements.
   *
   * @param count single values
   * @param rows device rows that they came in
   */
  public record MeasurementCount(long count, long rows) {}
}
