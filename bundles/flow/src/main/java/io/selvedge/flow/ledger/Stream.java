package io.selvedge.flow.ledger;

import java.util.Locale;

/** What a flow may send. */
public enum Stream {
  /** Rows of its inputs. */
  MEASUREMENTS,
  DECISIONS,
  /** Alarms that its rules raise. */
  EVENTS,
  /** What its rules publish. */
  PUBLISHED;

  /** As people and files read it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
