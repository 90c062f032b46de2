package io.selvedge.deployment;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Window;
import java.time.Clock;
import java.time.LocalTime;
import java.util.Optional;

/**
 * Waits for the part of the day in which a deployment may be switched to. Its files come before;
 * taking it back waits for nothing. Called on the deployment's thread.
 */
final class SwitchTime {

  private final Events events;
  private final Clock clock;

  /** The revision of which was said that it waits. */
  private long told;

  SwitchTime(Events events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** Whether it may be checked, tried in the shadow and switched to now. */
  boolean isCome(DeploymentDocument document) {
    Optional<Window> window = document.window();
    if (window.isEmpty() || window.get().contains(LocalTime.now(clock))) {
      return true;
    }
    if (told != document.revision()) {
      told = document.revision();
      events.report(
          Event.Severity.INFO,
          "deployment",
          "deployment.waits",
          "deployment ["
              + document.revision()
              + "] may be switched to from ["
              + window.get().from()
              + "] to ["
              + window.get().to()
              + "] only, as it says itself; it waits");
    }
    return false;
  }
}
