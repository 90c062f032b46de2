package io.selvedge.flow.ledger;

import java.util.Locale;

/** Why something stayed at the edge. */
public enum Reason {
  /** It did not leave the dead band, or the decision was the same. */
  UNCHANGED,
  /** The model was sure of its decision. */
  CERTAIN,
  /** Only what is uncertain goes up, and there was no decision that could be. */
  UNDECIDED,
  /** The flow's policy sends nothing of it, or only numbers. */
  POLICY,
  /** The day's budget was used up. */
  BUDGET,
  /** The link was slow or metered. */
  LINK,
  /** It was being gathered when the gateway was cut off. */
  CUT_OFF;

  /** As people and files read it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
