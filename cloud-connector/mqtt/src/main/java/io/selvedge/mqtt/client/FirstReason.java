package io.selvedge.mqtt.client;

import java.util.Optional;

/** Why something ended: the first reason that is given counts. */
final class FirstReason {

  private volatile Optional<String> reason = Optional.empty();

  /** False where there was one already. */
  synchronized boolean give(String why) {
    if (reason.isPresent()) {
      return false;
    }
    reason = Optional.of(why);
    return true;
  }

  Optional<String> get() {
    return reason;
  }
}
