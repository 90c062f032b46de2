package io.selvedge.protocol.kura;

/** Names of {@link PayloadEncoding#SIMPLE_JSON}; a reader takes them in any case of letters. */
final class SimpleJson {

  static final String SENT_ON = "sentOn";
  static final String POSITION = "position";
  static final String METRICS = "metrics";
  static final String BODY = "body";

  static final String LATITUDE = "latitude";
  static final String LONGITUDE = "longitude";
  static final String ALTITUDE = "altitude";
  static final String PRECISION = "precision";
  static final String HEADING = "heading";
  static final String SPEED = "speed";
  static final String TIMESTAMP = "timestamp";
  static final String SATELLITES = "satellites";
  static final String STATUS = "status";

  private SimpleJson() {}
}
