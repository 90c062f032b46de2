package io.selvedge.driver.opcua;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.jspecify.annotations.Nullable;

/** A channel and the node that holds its value. */
record Node(Channel channel, NodeId id) {

  private static final String WRITABLE = " writable";

  /** Reads {@code id unit kind node} with {@code |} between; {@code -} is no unit. */
  static List<Node> parse(String nodes) {
    List<Node> all = new ArrayList<>();
    for (String entry : nodes.split("[|\\n]", -1)) {
      if (!entry.isBlank()) {
        all.add(one(entry.strip()));
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "nodes [] must name at least one, for example [temperature Cel decimal ns=2;s=Oven.T]");
    }
    if (all.stream().map(node -> node.channel().id()).distinct().count() < all.size()) {
      throw new IllegalArgumentException(
          "nodes [" + nodes + "] have one id twice; give each its own");
    }
    return List.copyOf(all);
  }

  private static Node one(String entry) {
    boolean writable = entry.endsWith(WRITABLE);
    String[] words =
        (writable ? entry.substring(0, entry.length() - WRITABLE.length()) : entry)
            .split("\\s+", 4);
    if (words.length < 4) {
      throw new IllegalArgumentException("node [" + entry + "] must be id, unit, kind and node");
    }
    NodeId id =
        NodeId.parseSafe(words[3].strip())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "node ["
                            + entry
                            + "]: ["
                            + words[3]
                            + "] must be a node id, for example [ns=2;s=Oven.T] or [ns=2;i=7]"));
    Channel.Kind kind;
    try {
      kind = Channel.Kind.valueOf(words[2].toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "node [" + entry + "]: [" + words[2] + "] must be decimal, whole, flag or text", e);
    }
    boolean number = kind == Channel.Kind.DECIMAL || kind == Channel.Kind.WHOLE;
    String unit = words[1].equals("-") ? (number ? "1" : "") : words[1];
    return new Node(
        new Channel(
            words[0], unit, kind, writable ? Channel.Access.READ_WRITE : Channel.Access.READ),
        id);
  }

  /** What the server said of this node. */
  Reading reading(DataValue data) {
    return new Reading(channel.id(), value(data), Optional.empty());
  }

  private Value value(DataValue data) {
    if (!data.getStatusCode().isGood()) { // uncertain, too: the last one it had, a substitute
      return Value.missing(Reason.NOT_READY, "[" + id.toParseableString() + "] is " + status(data));
    }
    @Nullable Object value = data.getValue().getValue();
    if (value == null) {
      return Value.missing(Reason.ABSENT, "[" + id.toParseableString() + "] holds no value");
    }
    return switch (channel.kind()) {
      case FLAG -> value instanceof Boolean on ? Value.of(on) : wrong(value);
      case TEXT -> Value.of(value.toString());
      case WHOLE ->
          value instanceof Number n && isWhole(n) ? Value.of(n.longValue()) : wrong(value);
      case DECIMAL ->
          value instanceof Number n && Double.isFinite(n.doubleValue())
              ? Value.of(n.doubleValue())
              : wrong(value);
    };
  }

  /** Not NaN, 3.7, nor what is too large: that would become another number. */
  private static boolean isWhole(Number number) {
    return number.doubleValue() == number.longValue();
  }

  private Value wrong(Object value) {
    return Value.missing(
        Reason.DAMAGED,
        "[" + value + "] of [" + id.toParseableString() + "] is no " + channel.kind());
  }

  /** In words where the specification has some. */
  private static String status(DataValue data) {
    return data.getStatusCode().toString();
  }
}
