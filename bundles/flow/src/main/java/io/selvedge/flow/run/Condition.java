package io.selvedge.flow.run;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;

/** A state that is reported when it begins and when it ends, not while it lasts. Thread-safe. */
final class Condition {

  private final Events events;
  private final String source;
  private String reason = "";

  Condition(Events events, String source) {
    this.events = events;
    this.source = source;
  }

  /** It holds for this reason; reported where the reason is new. */
  synchronized void begins(Event.Severity severity, String code, String why) {
    if (!reason.equals(why)) {
      reason = why;
      events.report(severity, source, code, why);
    }
  }

  /** It does not hold any more; reported where it did. */
  synchronized void ends(String code, String message) {
    if (!reason.isEmpty()) {
      reason = "";
      events.report(Event.Severity.INFO, source, code, message);
    }
  }

  /** Why it holds; empty where it does not. */
  synchronized String reason() {
    return reason;
  }
}
