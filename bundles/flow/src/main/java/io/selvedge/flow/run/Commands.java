package io.selvedge.flow.run;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends a flow's commands: the last rule that asks for a channel wins, the same value is sent again
 * only after a minute, or after five seconds where it was not taken. One thread; answers come on
 * others.
 */
final class Commands {

  private static final long AGAIN = TimeUnit.MINUTES.toNanos(1);
  private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(5);

  /** What was sent to a channel last. */
  private static final class Last {
    private final Condition refused;
    private Optional<Value> value = Optional.empty();
    private long nanos;
    private volatile boolean failed;

    Last(Condition refused) {
      this.refused = refused;
    }

    boolean isDue(Value wanted, long now) {
      return value.filter(wanted::equals).isEmpty()
          || now - nanos >= (failed ? AFTER_FAILURE : AGAIN);
    }
  }

  private final String flow;
  private final Surroundings around;
  private final Map<ChannelAddress, Value> wanted = new LinkedHashMap<>();
  private final Map<ChannelAddress, Last> lasts = new HashMap<>();

  Commands(String flow, Surroundings around) {
    this.flow = flow;
    this.around = around;
  }

  /** A rule of this tick asks for it. */
  void want(ChannelAddress target, Value value) {
    wanted.put(target, value);
  }

  /** Sends what this tick's rules asked for; answers with what was really sent. */
  List<Command> send() {
    if (wanted.isEmpty()) {
      return List.of();
    }
    List<Command> sent = new ArrayList<>();
    long now = around.nanos().getAsLong();
    wanted.forEach(
        (target, value) -> {
          Last last =
              lasts.computeIfAbsent(
                  target, t -> new Last(new Condition(around.events(), "flow/" + flow)));
          if (last.isDue(value, now)) {
            last.value = Optional.of(value);
            last.nanos = now;
            last.failed = false;
            Command command = new Command(target, fit(target, value), flow);
            sent.add(command);
            send(command, last);
          }
        });
    wanted.clear();
    return sent;
  }

  private void send(Command command, Last last) {
    around
        .devices()
        .send(command)
        .whenComplete(
            (done, problem) -> {
              if (problem == null) {
                last.refused.ends(
                    "flow.command_taken",
                    "channel [" + command.target() + "] takes commands again");
              } else {
                last.failed = true;
                last.refused.begins(
                    Event.Severity.WARNING,
                    "flow.command_refused",
                    "command ["
                        + command.value().display()
                        + "] to ["
                        + command.target()
                        + "] was not taken: "
                        + Outlet.reason(problem));
              }
            });
  }

  /** A whole number for a channel of decimals is a decimal, and one without a rest the reverse. */
  private Value fit(ChannelAddress target, Value value) {
    Optional<Channel.Kind> kind =
        around
            .devices()
            .find(target.device())
            .map(DeviceStatus::channels)
            .flatMap(all -> all.stream().filter(c -> c.id().equals(target.channel())).findFirst())
            .map(Channel::kind);
    if (kind.filter(Channel.Kind.DECIMAL::equals).isPresent() && value instanceof Value.Whole w) {
      return Value.of((double) w.value());
    }
    if (kind.filter(Channel.Kind.WHOLE::equals).isPresent()
        && value instanceof Value.Decimal d
        && d.value() == Math.rint(d.value())
        && Math.abs(d.value()) < 1L << 53) {
      return Value.of((long) d.value());
    }
    return value;
  }
}
