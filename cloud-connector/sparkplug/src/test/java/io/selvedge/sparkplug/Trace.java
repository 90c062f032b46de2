package io.selvedge.sparkplug;

import io.selvedge.sparkplug.Packet.Connect;
import io.selvedge.sparkplug.Packet.Disconnect;
import io.selvedge.sparkplug.Packet.Publish;
import io.selvedge.sparkplug.Packet.Subscribe;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Payload;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What an edge node sent, packet by packet, in the course of one scenario.
 *
 * @param packets in the order in which they came
 */
record Trace(List<Packet> packets) {

  private static final Set<String> DATA = Set.of("NDATA", "DDATA");
  private static final Set<String> BIRTHS = Set.of("NBIRTH", "DBIRTH");

  Trace {
    packets = List.copyOf(packets);
  }

  <P extends Packet> List<P> all(Class<P> type) {
    return packets.stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<Connect> connects() {
    return all(Connect.class);
  }

  List<Subscribe> subscribes() {
    return all(Subscribe.class);
  }

  List<Publish> published() {
    return all(Publish.class);
  }

  /** Never empty: a rule that is checked on nothing is not checked. */
  List<Publish> published(String type) {
    List<Publish> found = published().stream().filter(one -> one.type().equals(type)).toList();
    if (found.isEmpty()) {
      throw new AssertionError("nothing of type [" + type + "] was published");
    }
    return found;
  }

  List<Publish> published(int connection) {
    return published().stream().filter(one -> one.connection() == connection).toList();
  }

  List<Payload> payloads(String type) {
    return published(type).stream().map(Publish::parsed).toList();
  }

  Stream<Publish> births() {
    return published().stream().filter(one -> BIRTHS.contains(one.type()));
  }

  Stream<Publish> data() {
    return published().stream().filter(one -> DATA.contains(one.type()));
  }

  List<Metric> birthMetrics() {
    return births().flatMap(one -> one.parsed().metrics().stream()).toList();
  }

  List<Metric> dataMetrics() {
    return data().flatMap(one -> one.parsed().metrics().stream()).toList();
  }

  /** Number of the session in a payload. */
  static long bdSeq(Payload payload) {
    Metric metric = metric(payload, EdgeNode.BD_SEQ);
    return ((Content.Int64) metric.content().orElseThrow()).bits();
  }

  static Metric metric(Payload payload, String name) {
    return payload.metrics().stream()
        .filter(metric -> metric.name().orElse("").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric [" + name + "] in " + payload));
  }

  /** The connections on which the node left with a word. */
  List<Integer> left() {
    return all(Disconnect.class).stream().map(Disconnect::connection).toList();
  }

  int index(Predicate<Packet> which) {
    for (int i = 0; i < packets.size(); i++) {
      if (which.test(packets.get(i))) {
        return i;
      }
    }
    throw new AssertionError("no such packet");
  }
}
