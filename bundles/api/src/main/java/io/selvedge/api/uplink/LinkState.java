package io.selvedge.api.uplink;

/** What the way to the hub costs and can bear; it decides which priorities go up and which wait. */
public enum LinkState {
  /** All that waits goes up. */
  NORMAL,
  /** It bears little: what is least urgent waits. */
  SLOW,
  /** It is paid for by the byte: only what is urgent goes up. */
  METERED,
  /** Nothing goes up, even where the hub can be reached; requests and replies still do. */
  OFF
}
