package io.selvedge.hub.rollout;

/**
 * What becomes of a rollout. Names are stable: they are stored and go over the wire.
 *
 * <pre>
 *                       start                    pause, or a group in ERROR
 *  CREATING ──▶ READY ────────▶ STARTING ──▶ RUNNING ◀──────────▶ PAUSED
 *                 │                             │    resume          │
 *                 │ abort          all groups   ▼                    │ abort
 *                 │                        FINISHED                  │
 *                 │                             │ abort, take back   │
 *                 └───────────────▶ STOPPING ◀──┴────────────────────┘
 *                                       └──▶ STOPPED
 * </pre>
 */
public enum RolloutState {
  /** Gateways are being dealt out to groups. */
  CREATING,
  /** Waits for its time, or for a person. */
  READY,
  /** The first group begins. */
  STARTING,
  /** Group after group. */
  RUNNING,
  /** Nothing more is issued; what gateways report is noted. */
  PAUSED,
  /** Aborted: what was issued is taken back where that is wanted. */
  STOPPING,
  /** Aborted. */
  STOPPED,
  /** Every group has succeeded. */
  FINISHED;

  /** Whether it may still issue something of its own. */
  boolean open() {
    return this != STOPPED && this != FINISHED;
  }
}
