package io.selvedge.api.uplink;

import io.selvedge.api.device.Value;
import java.util.Map;
import java.util.Objects;

/**
 * A request, in either direction.
 *
 * @param method what to do
 * @param resource with what, parts separated by {@code /}
 * @param metrics arguments
 * @param body bytes, often JSON; empty where there are none
 */
public record Request(Method method, String resource, Map<String, Value> metrics, byte[] body) {

  /** The verbs of the Kura namespace. */
  public enum Method {
    GET,
    PUT,
    POST,
    DEL,
    EXEC
  }

  public Request {
    Objects.requireNonNull(method, "method must not be null");
    Objects.requireNonNull(resource, "resource must not be null");
    metrics = Map.copyOf(metrics);
    Objects.requireNonNull(body, "body must not be null; give an empty one");
  }
}
