package io.selvedge.hub.link;

import java.time.Instant;

/**
 * A message from the broker, not yet acknowledged.
 *
 * @param topic where it was published
 * @param payload its bytes; do not change them
 * @param received when it came in, before any waiting
 * @param acknowledgement tells the broker that it need not keep it; may be called on any thread
 */
public record Delivery(String topic, byte[] payload, Instant received, Runnable acknowledgement) {

  public void acknowledge() {
    acknowledgement.run();
  }
}
