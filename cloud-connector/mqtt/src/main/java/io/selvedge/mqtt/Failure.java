package io.selvedge.mqtt;

import io.selvedge.mqtt.client.ConnectionException;
import java.net.URI;

/** Why there is no connection, with the setting that is the remedy where there is one. */
final class Failure {

  private Failure() {}

  static String reason(URI endpoint, Settings settings, ConnectionException failure) {
    String broker = "broker [" + endpoint + "] ";
    return switch (failure.kind()) {
      case UNREACHABLE -> broker + "cannot be reached: " + failure.reason();
      case SILENT -> broker + "does not answer: " + failure.reason();
      case NOT_AUTHORIZED ->
          failure.reason().contains("subscribe")
              ? broker + "does not take the connection: " + failure.reason()
              : broker + settings.login().refused();
      case CLIENT_ID ->
          broker + "refuses client id [" + settings.clientId() + "]; choose another one";
      case UNAVAILABLE -> broker + "says that it is not available";
      case FILE -> failure.reason();
      case TLS, FULL, LOST, OTHER -> broker + "does not take the connection: " + failure.reason();
    };
  }
}
