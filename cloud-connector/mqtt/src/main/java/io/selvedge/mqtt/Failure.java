package io.selvedge.mqtt;

import java.io.EOFException;
import java.net.URI;
import java.util.Optional;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no connection.
 *
 * @param unreachable nobody answered at the address
 * @param reason for people, with the remedy where there is one
 */
record Failure(boolean unreachable, String reason) {

  static Failure of(URI endpoint, Settings settings, Exception exception) {
    if (find(exception, BufferedNetwork.Unreachable.class).isPresent()) {
      String what = text(find(exception, BufferedNetwork.Unreachable.class).get());
      return new Failure(true, "broker [" + endpoint + "] cannot be reached: " + what);
    }
    if (!(exception instanceof MqttException refused)) {
      return new Failure(false, text(exception)); // a file of ours cannot be read
    }
    String reason =
        switch (refused.getReasonCode()) {
          case MqttException.REASON_CODE_FAILED_AUTHENTICATION,
              MqttException.REASON_CODE_NOT_AUTHORIZED ->
              "refuses user ["
                  + settings.user()
                  + "]; correct user in io.selvedge.mqtt.cfg and the password in its file";
          case MqttException.REASON_CODE_INVALID_CLIENT_ID ->
              "refuses client id [" + settings.clientId() + "]; choose another one";
          case MqttException.REASON_CODE_BROKER_UNAVAILABLE -> "says that it is not available";
          case MqttException.REASON_CODE_CLIENT_TIMEOUT ->
              "does not answer within [" + settings.connectionTimeout().toSeconds() + "] s";
          default -> "does not take the connection: " + text(exception);
        };
    return new Failure(false, "broker [" + endpoint + "] " + reason);
  }

  private static <T extends Throwable> Optional<T> find(Throwable from, Class<T> type) {
    Throwable at = from;
    while (at != null) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
      at = at.getCause();
    }
    return Optional.empty();
  }

  /** The innermost message, which says what happened. */
  static String text(@Nullable Throwable exception) {
    if (exception == null) {
      return "closed by the broker";
    }
    Throwable at = exception;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    if (at instanceof EOFException) {
      return "closed by the broker";
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
  }
}
