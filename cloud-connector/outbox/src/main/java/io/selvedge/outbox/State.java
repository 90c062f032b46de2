package io.selvedge.outbox;

import io.selvedge.outbox.SteadyTime.Mark;
import io.selvedge.outbox.Tally.Counts;
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
 * what lies between head and end of the lanes, for each source.
 *
 * @param generation rises with each writing
 * @param outbox identity
 * @param nextId no id from here on was ever used
 * @param rewritten serial of the newest segment that stands for others; those after it do not
 * @param serial no use of a file had a higher one when it was written, nor has any until the next
 * @param mark when it was written
 * @param sources names in the order of their numbers: see {@link Sources}
 * @param counts in the same order, and one for {@link Sources#OTHERS}: what was accepted lies
 *     before the lanes' ends, the rest before their heads
 * @param lanes one a priority
 */
record State(
    long generation,
    UUID outbox,
    long nextId,
    long rewritten,
    long serial,
    Mark mark,
    List<String> sources,
    List<Counts> counts,
    LaneState[] lanes) {

  private static final String HEADING = "selvedge-outbox 2";
  private static final String HEADING_1 = "selvedge-outbox 1";

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

  static State fresh() {
    LaneState[] lanes = new LaneState[Outbox.PRIORITIES];
    Arrays.fill(lanes, LaneState.EMPTY);
    return new State(0, UUID.randomUUID(), 1, 0, 0, Mark.NONE, List.of(""), List.of(), lanes);
  }

  /** Lines of {@code name value}; names and order of numbers are the format. */
  String text() {
    StringBuilder text = new StringBuilder(HEADING + "\n");
    line(text, "generation", generation);
    text.append("id ").append(outbox).append('\n');
    line(text, "next-id", nextId);
    line(text, "rewritten", rewritten);
    line(text, "serial", serial);
    line(text, "time", mark.steady());
    line(text, "wall", mark.wall());
    for (int i = 0; i < lanes.length; i++) {
      LaneState lane = lanes[i];
      if (!lane.equals(LaneState.EMPTY)) {
        text.append("lane.").append(i).append(' ').append(lane.head).append(' ');
        text.append(lane.serial).append(' ').append(lane.offset).append(' ');
        text.append(lane.end).append('\n');
      }
    }
    for (int i = 0; i < sources.size(); i++) {
      text.append("source.").append(i).append(' ').append(sources.get(i)).append('\n');
    }
    for (int i = 0; i < counts.size(); i++) {
      counts(text, i, counts.get(i));
    }
    return text.toString();
  }

  private static void counts(StringBuilder text, int source, Counts counts) {
    if (!counts.equals(Counts.NONE)) {
      line(text, "accepted." + source, counts.accepted());
      line(text, "delivered." + source, counts.delivered());
      counts.dropped().forEach((why, count) -> line(text, why.name() + "." + source, count));
    }
  }

  private static void line(StringBuilder text, String name, long value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  /** Empty where the text is no state of this version, or of the one before. */
  static Optional<State> parse(String text) {
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(HEADING) && !lines[0].equals(HEADING_1)) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      values.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
    }
    try {
      return Optional.of(
          lines[0].equals(HEADING_1)
              ? of(values, Mark.NONE, List.of(""), List.of(total(values)))
              : of(
                  values,
                  new Mark(number(values, "time"), number(values, "wall")),
                  sources(values),
                  counts(values)));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty(); // its check sum was right: written by a version that is not ours
    }
  }

  private static State of(
      Map<String, String> values, Mark mark, List<String> sources, List<Counts> counts) {
    LaneState[] lanes = new LaneState[Outbox.PRIORITIES];
    for (int i = 0; i < lanes.length; i++) {
      String[] lane = values.getOrDefault("lane." + i, "0 0 0 0").split(" ", -1);
      lanes[i] =
          new LaneState(
              Long.parseLong(lane[0]),
              Long.parseLong(lane[1]),
              Integer.parseInt(lane[2]),
              Long.parseLong(lane[3]));
    }
    return new State(
        number(values, "generation"),
        UUID.fromString(values.getOrDefault("id", "")),
        number(values, "next-id"),
        Long.parseLong(values.getOrDefault("rewritten", "0")),
        Long.parseLong(values.getOrDefault("serial", "0")),
        mark,
        sources,
        counts,
        lanes);
  }

  private static List<String> sources(Map<String, String> values) {
    List<String> sources = new ArrayList<>();
    for (int i = 0; values.containsKey("source." + i); i++) {
      sources.add(values.getOrDefault("source." + i, ""));
    }
    return sources;
  }

  private static List<Counts> counts(Map<String, String> values) {
    List<Counts> counts = new ArrayList<>();
    for (int i = 0; i < Sources.MOST; i++) {
      Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
      for (DropReason reason : DropReason.values()) {
        long count = Long.parseLong(values.getOrDefault(reason.name() + "." + i, "0"));
        if (count > 0) {
          dropped.put(reason, count);
        }
      }
      counts.add(
          new Counts(
              Long.parseLong(values.getOrDefault("accepted." + i, "0")),
              Long.parseLong(values.getOrDefault("delivered." + i, "0")),
              dropped));
    }
    return counts;
  }

  /** Version 1 did not tell sources apart. */
  private static Counts total(Map<String, String> values) {
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      long count = Long.parseLong(values.getOrDefault("dropped." + reason.name(), "0"));
      if (count > 0) {
        dropped.put(reason, count);
      }
    }
    return new Counts(number(values, "accepted"), number(values, "delivered"), dropped);
  }

  private static long number(Map<String, String> values, String name) {
    return Long.parseLong(values.getOrDefault(name, ""));
  }
}
