package io.selvedge.sparkplug;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.protocol.json.Fields;

/**
 * What the primary host says of itself on its STATE topic, on one connection: {@code {"online":
 * true, "timestamp": 1422886740000}}. A message that is older than one from before is not believed.
 * The first one of a connection is: the broker has kept it as the newest. One thread.
 */
final class HostState {

  /** What a message means. */
  enum Verdict {
    ONLINE,
    OFFLINE,
    /** It is older than one from before. */
    OLD,
    /** It is no STATE message. */
    UNREADABLE
  }

  private static final long LAST_MILLISECOND = 253_402_300_799_999L;

  private long newest;

  /** A message came on the host's topic. */
  Verdict heard(byte[] payload) {
    boolean online;
    long time;
    try {
      Fields fields = Fields.parse("STATE message", payload);
      JsonNode flag = fields.raw("online");
      if (!flag.isBoolean()) {
        return Verdict.UNREADABLE;
      }
      online = flag.booleanValue();
      time = fields.whole("timestamp", 0, LAST_MILLISECOND);
    } catch (IllegalArgumentException e) {
      return Verdict.UNREADABLE;
    }
    if (time < newest) {
      return Verdict.OLD;
    }
    newest = time;
    return online ? Verdict.ONLINE : Verdict.OFFLINE;
  }
}
