package io.selvedge.hub.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A deployment as the hub issued it.
 *
 * @param document the signed bytes as text, JSON
 * @param envelope what gateways get, JSON
 * @param delivery how far it has come to the gateway
 * @param deliveryMessage why it was refused; empty where it was not
 * @param rollout the rollout that it was issued by; empty: by order
 */
public record Deployment(
    String gateway,
    long revision,
    Instant issued,
    Instant expires,
    String document,
    String envelope,
    Delivery delivery,
    String deliveryMessage,
    Optional<Long> rollout) {

  /** Names are stable: they are stored. */
  public enum Delivery {
    /** Not heard of by the gateway, as far as the hub knows; it asks when it connects. */
    ISSUED,
    /** The gateway fetched it or took it for work; the reported state says what became of it. */
    TAKEN,
    /** The gateway refused it. */
    REFUSED
  }

  /** The same for another gateway. */
  Deployment to(String other) {
    return new Deployment(
        other, revision, issued, expires, document, envelope, delivery, deliveryMessage, rollout);
  }

  Deployment with(Delivery newDelivery, String message) {
    return new Deployment(
        gateway, revision, issued, expires, document, envelope, newDelivery, message, rollout);
  }
}
