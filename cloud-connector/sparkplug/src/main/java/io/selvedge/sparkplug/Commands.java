package io.selvedge.sparkplug;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Payload;
import io.selvedge.sparkplug.payload.PayloadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a host's NCMD and DCMD messages to what is to be done. One thread. */
final class Commands {

  /** What a host asks for. */
  sealed interface Order {

    /** All births again. */
    record Rebirth() implements Order {}

    /** On to the next broker. */
    record NextServer() implements Order {}

    /** A channel is to be written. */
    record Write(Command command) implements Order {}

    /** It cannot be done; the message says why. */
    record Refused(String why) implements Order {}
  }

  /** A command of more bytes is not even read. */
  static final int LARGEST = 1024 * 1024;

  private static final String ORIGIN = "sparkplug";

  private final EdgeNode node;

  Commands(EdgeNode node) {
    this.node = node;
  }

  /** What a message asks for, in its order; empty where the topic is none of a command. */
  List<Order> orders(String topic, byte[] bytes) {
    Optional<String> device = node.id().commandedDevice(topic);
    if (device.isEmpty() && !node.id().isNodeCommand(topic)) {
      return List.of();
    }
    if (bytes.length > LARGEST) {
      return refuse(
          "command on ["
              + topic
              + "] has ["
              + bytes.length
              + "] bytes; ["
              + LARGEST
              + "] are the most");
    }
    Payload payload;
    try {
      payload = Payload.parse(bytes);
    } catch (PayloadException e) {
      return refuse("command on [" + topic + "] cannot be read: " + e.getMessage());
    }
    List<Order> orders = new ArrayList<>();
    for (Metric metric : payload.metrics()) {
      orders.add(device.map(id -> write(id, metric)).orElseGet(() -> control(metric)));
    }
    return orders;
  }

  private static List<Order> refuse(String why) {
    return List.of(new Order.Refused(why));
  }

  private static Order control(Metric metric) {
    String name = metric.name().orElse("");
    boolean rebirth = name.equals(EdgeNode.REBIRTH);
    if (!rebirth && !name.equals(EdgeNode.NEXT_SERVER)) {
      return new Order.Refused(
          "metric ["
              + metric.display()
              + "] of the node cannot be written; ["
              + EdgeNode.REBIRTH
              + "] and ["
              + EdgeNode.NEXT_SERVER
              + "] can");
    }
    boolean asked =
        metric.content().isPresent()
            && metric.content().get() instanceof Content.Bool flag
            && flag.value();
    if (!asked) {
      return new Order.Refused("metric [" + name + "] must be written as true of type Boolean");
    }
    return rebirth ? new Order.Rebirth() : new Order.NextServer();
  }

  private Order write(String device, Metric metric) {
    String what = "metric [" + metric.display() + "] of device [" + device + "]";
    Optional<Channel> channel = node.channel(device, metric);
    if (channel.isEmpty()) {
      return new Order.Refused(what + " is not one of its channels");
    }
    if (!channel.get().isWritable()) {
      return new Order.Refused(what + " can only be read");
    }
    if (metric.content().isEmpty()) {
      return new Order.Refused(what + " cannot be written as null");
    }
    try {
      Value value = Contents.value(metric.content().get(), type(metric, channel.get()));
      ChannelAddress target = new ChannelAddress(device, channel.get().id());
      return new Order.Write(new Command(target, value, ORIGIN));
    } catch (IllegalArgumentException e) {
      return new Order.Refused(what + " is not written: " + e.getMessage());
    }
  }

  /** Commands should leave the type out; then it is that of the birth. */
  private static DataType type(Metric metric, Channel channel) {
    if (metric.type().isEmpty()) {
      return Contents.type(channel.kind());
    }
    int number = metric.type().getAsInt();
    return DataType.of(number)
        .orElseThrow(() -> new IllegalArgumentException("type [" + number + "] must be 0 to 34"));
  }
}
