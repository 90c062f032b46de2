package io.selvedge.outbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Cursors and counters at one moment, consistent with each other: accepted = delivered + dropped +
 * what lies between head and end of the lanes.
 *
 * @param generation rises with each writing
 * @param outbox identity
 * @param nextId no id from here on was ever used
 * @param accepted records before the lanes' ends
 * @param delivered records before the lanes' heads that were delivered
 * @param dropped records before the lanes' heads that were dropped
 * @param lanes one a priority
 * @param sources names in the order of their numbers: see {@link Sources}
 */
record State(
    long generation,
    UUID outbox,
    long nextId,
    long accepted,
    long delivered,
    Map<DropReason, Long> dropped,
    LaneState[] lanes,
    List<String> sources) {

  private static final String HEADING = "selvedge-outbox 1";

  /**
   * One lane.
   *
   * @param head ordinal of the first record that is not settled
   * @param serial the segment it is in; 0 where there is none
   * @param offset its place there
   * @param end one more than the last committed record's ordinal
   */
  record LaneState(long head, long serial, int offset, long end) {
    static final LaneState EMPTY = new LaneState(0, 0, 0, 0);
  }

  long dropped(DropReason reason) {
    return dropped.getOrDefault(reason, 0L);
  }

  static State fresh() {
    LaneState[] lanes = new LaneState[Outbox.PRIORITIES];
    Arrays.fill(lanes, LaneState.EMPTY);
    return new State(0, UUID.randomUUID(), 1, 0, 0, Map.of(), lanes, List.of(""));
  }

  /** Lines of {@code name value}; names and order of numbers are the format. */
  String text() {
    StringBuilder text = new StringBuilder(HEADING + "\n");
    line(text, "generation", generation);
    text.append("id ").append(outbox).append('\n');
    line(text, "next-id", nextId);
    line(text, "accepted", accepted);
    line(text, "delivered", delivered);
    dropped.forEach((reason, count) -> line(text, "dropped." + reason.name(), count));
    for (int i = 0; i < lanes.length; i++) {
      LaneState lane = lanes[i];
      if (!lane.equals(LaneState.EMPTY)) {
        text.append("lane.").append(i).append(' ').append(lane.head).append(' ');
        text.append(lane.serial).append(' ').append(lane.offset).append(' ');
        text.append(lane.end).append('\n');
      }
    }
    for (int i = 1; i < sources.size(); i++) {
      text.append("source.").append(i).append(' ').append(sources.get(i)).append('\n');
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  /** Empty where the text is no state of this version. */
  static Optional<State> parse(String text) {
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(HEADING)) {
      return Optional.empty();
    }
    State fresh = fresh();
    Map<String, String> values = new HashMap<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      values.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
    }
    try {
      Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
      for (DropReason reason : DropReason.values()) {
        dropped.put(reason, Long.parseLong(values.getOrDefault("dropped." + reason.name(), "0")));
      }
      for (int i = 0; i < fresh.lanes.length; i++) {
        String[] lane = values.getOrDefault("lane." + i, "0 0 0 0").split(" ", -1);
        fresh.lanes[i] =
            new LaneState(
                Long.parseLong(lane[0]),
                Long.parseLong(lane[1]),
                Integer.parseInt(lane[2]),
                Long.parseLong(lane[3]));
      }
      List<String> sources = new ArrayList<>(fresh.sources);
      for (int i = 1; values.containsKey("source." + i); i++) {
        sources.add(values.getOrDefault("source." + i, ""));
      }
      return Optional.of(
          new State(
              number(values, "generation"),
              UUID.fromString(values.getOrDefault("id", "")),
              number(values, "next-id"),
              number(values, "accepted"),
              number(values, "delivered"),
              dropped,
              fresh.lanes,
              sources));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty(); // its check sum was right: written by a version that is not ours
    }
  }

  private static long number(Map<String, String> values, String name) {
    return Long.parseLong(values.getOrDefault(name, ""));
  }
}
