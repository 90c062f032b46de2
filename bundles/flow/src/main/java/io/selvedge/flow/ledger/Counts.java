package io.selvedge.flow.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.flow.Distribution.Handed;
import io.selvedge.api.flow.Distribution.Line;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The counts of one line. Not thread-safe. */
final class Counts {

  /** What was handed to one uplink; counted several times for each message. */
  private static final class Hands {
    private long made;
    private long accepted;
    private long refused;
    private long lost;

    Handed now() {
      return new Handed(made, accepted, refused, lost);
    }
  }

  long seen;
  long sent;
  long merged;
  long gathering;
  long surplus;
  long bytes;
  final Map<Reason, Long> stayed = new EnumMap<>(Reason.class);
  private final Map<String, Hands> handed = new TreeMap<>();

  void stay(Reason reason, long count) {
    stayed.merge(reason, count, Long::sum);
  }

  void hand(String uplink, long made, long accepted, long refused, long lost) {
    Hands hands = handed.computeIfAbsent(uplink, name -> new Hands());
    hands.made += made;
    hands.accepted += accepted;
    hands.refused += refused;
    hands.lost += lost;
  }

  void add(Counts other) {
    seen += other.seen;
    sent += other.sent;
    merged += other.merged;
    gathering += other.gathering;
    surplus += other.surplus;
    bytes += other.bytes;
    other.stayed.forEach(this::stay);
    other.handed.forEach((uplink, h) -> hand(uplink, h.made, h.accepted, h.refused, h.lost));
  }

  /** What was on its way when the gateway was cut off will not come any more. */
  void cutOff() {
    if (gathering > 0) {
      stay(Reason.CUT_OFF, gathering);
      gathering = 0;
    }
    handed.values().forEach(hands -> hands.lost += hands.now().waiting());
  }

  Line line(String flow, Stream stream, LocalDate day) {
    Map<String, Long> reasons = new TreeMap<>();
    stayed.forEach((reason, count) -> reasons.put(reason.word(), count));
    Map<String, Handed> uplinks = new TreeMap<>();
    handed.forEach((uplink, hands) -> uplinks.put(uplink, hands.now()));
    return new Line(
        flow, stream.word(), day, seen, sent, merged, gathering, reasons, surplus, bytes, uplinks);
  }

  void write(ObjectNode json) {
    json.put("seen", seen)
        .put("sent", sent)
        .put("merged", merged)
        .put("gathering", gathering)
        .put("surplus", surplus)
        .put("bytes", bytes);
    ObjectNode reasons = json.putObject("stayed");
    stayed.forEach((reason, count) -> reasons.put(reason.word(), count));
    ObjectNode uplinks = json.putObject("handed");
    handed.forEach(
        (uplink, h) ->
            uplinks
                .putObject(uplink)
                .put("made", h.made)
                .put("accepted", h.accepted)
                .put("refused", h.refused)
                .put("lost", h.lost));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException where a reason is unknown
   */
  static Counts read(JsonNode json) {
    Counts counts = new Counts();
    counts.seen = json.path("seen").asLong();
    counts.sent = json.path("sent").asLong();
    counts.merged = json.path("merged").asLong();
    counts.gathering = json.path("gathering").asLong();
    counts.surplus = json.path("surplus").asLong();
    counts.bytes = json.path("bytes").asLong();
    for (Map.Entry<String, JsonNode> one : json.path("stayed").properties()) {
      counts.stay(Reason.valueOf(one.getKey().toUpperCase(Locale.ROOT)), one.getValue().asLong());
    }
    for (Map.Entry<String, JsonNode> one : json.path("handed").properties()) {
      JsonNode h = one.getValue();
      counts.hand(
          one.getKey(),
          h.path("made").asLong(),
          h.path("accepted").asLong(),
          h.path("refused").asLong(),
          h.path("lost").asLong());
    }
    return counts;
  }
}
