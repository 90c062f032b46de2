package io.selvedge.hub.rollout;

/** How far a rollout is with one gateway. Names are stable: they are stored. */
public enum TargetState {
  /** Its group's turn has not come. */
  SCHEDULED,
  /** A revision was issued for it; it has not begun. */
  ISSUED,
  /** It fetches or verifies. */
  INSTALLING,
  /** The new artifacts prove themselves there: in the shadow of the old ones, or live on trial. */
  TRIAL,
  /** It has committed the deployment, and its figures keep to the group's limits. */
  DONE,
  /** It refused it, took it back by itself, was too late, or its figures break a limit. */
  FAILED,
  /** Somebody has changed what it shall run since; it counts no more. */
  SUPERSEDED,
  /** Aborted before anything was issued for it. */
  CANCELLED,
  /** Aborted: a revision with the former artifacts was issued for it. */
  TAKING_BACK,
  /** It runs the former artifacts again. */
  TAKEN_BACK;

  /** A revision was issued and its outcome is not known. */
  boolean underWay() {
    return this == ISSUED || this == INSTALLING || this == TRIAL;
  }

  /** Counts towards a group's thresholds. */
  boolean counts() {
    return this != SUPERSEDED && this != CANCELLED;
  }
}
