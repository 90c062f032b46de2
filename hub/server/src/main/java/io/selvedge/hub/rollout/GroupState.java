package io.selvedge.hub.rollout;

/** What becomes of a group. Names are stable: they are stored and go over the wire. */
public enum GroupState {
  /** The groups before it are not through. */
  SCHEDULED,
  /** Its gateways get the deployment, try it and report. */
  RUNNING,
  /** Enough of them have succeeded. */
  FINISHED,
  /** Too many of them have failed, or too few succeeded; the rollout is paused. */
  ERROR
}
