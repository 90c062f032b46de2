package io.selvedge.api.uplink;

import io.selvedge.api.device.Value;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/**
 * What was answered to a request.
 *
 * @param code 200 done, 400 wrong request, 404 not there, 500 failed
 * @param message why not, for people; empty where the code is 200
 * @param metrics named values
 * @param body bytes, often JSON
 */
public record Reply(int code, String message, Map<String, Value> metrics, byte[] body) {

  public Reply {
    Objects.requireNonNull(message, "message must not be null; give an empty one");
    metrics = Map.copyOf(metrics);
    Objects.requireNonNull(body, "body must not be null; give an empty one");
  }

  public static Reply ok() {
    return new Reply(200, "", Map.of(), new byte[0]);
  }

  public static Reply ok(String json) {
    return new Reply(200, "", Map.of(), json.getBytes(StandardCharsets.UTF_8));
  }

  public static Reply error(int code, String message) {
    return new Reply(code, message, Map.of(), new byte[0]);
  }
}
