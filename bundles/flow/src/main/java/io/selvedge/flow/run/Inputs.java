package io.selvedge.flow.run;

import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.flow.expression.Scope;
import io.selvedge.protocol.feature.FeatureComputer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The values of a flow's inputs as rows bring them. One thread. */
final class Inputs {

  /** One input of the flow that a row brought. */
  record Brought(String input, Measurement measurement) {}

  private final Map<String, Map<String, String>> inputByChannelByDevice = new HashMap<>();
  private final Map<String, Long> times = new HashMap<>();
  private final List<Brought> brought = new ArrayList<>();

  Inputs(Map<String, ChannelAddress> inputs) {
    inputs.forEach(
        (input, address) ->
            inputByChannelByDevice
                .computeIfAbsent(address.device(), device -> new HashMap<>())
                .put(address.channel(), input));
  }

  /** Whether a row of this device is a tick. */
  boolean reads(String device) {
    return inputByChannelByDevice.containsKey(device);
  }

  /**
   * Takes in a row: values into the scope and the windows; what is missing, or older than an hour,
   * out of the scope.
   */
  void take(Row row, long time, Scope scope, FeatureComputer features) {
    brought.clear();
    Map<String, String> inputs = inputByChannelByDevice.getOrDefault(row.device(), Map.of());
    for (Measurement measurement : row.measurements()) {
      Optional.ofNullable(inputs.get(measurement.channel().id()))
          .ifPresent(input -> brought.add(new Brought(input, measurement)));
    }
    for (Brought one : brought) {
      take(one, time, scope, features);
    }
    forgetOld(time, scope);
  }

  /** The inputs that the last row brought, in its order. */
  List<Brought> brought() {
    return brought;
  }

  private void take(Brought one, long time, Scope scope, FeatureComputer features) {
    Value value = one.measurement().value();
    if (!value.present()) {
      scope.inputs().remove(one.input());
      times.remove(one.input());
      return;
    }
    scope.inputs().put(one.input(), plain(value));
    times.put(one.input(), time);
    OptionalDouble number = value.number();
    if (number.isPresent()) {
      features.add(one.input(), time, number.getAsDouble());
    }
  }

  private void forgetOld(long time, Scope scope) {
    for (Iterator<Map.Entry<String, Long>> all = times.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<String, Long> entry = all.next();
      if (entry.getValue() < time - FeatureComputer.STALE_MILLIS) {
        scope.inputs().remove(entry.getKey());
        all.remove();
      }
    }
  }

  private static Object plain(Value value) {
    return value.match(
        d -> (Object) d.value(), w -> w.value(), f -> f.value(), t -> t.value(), m -> m.detail());
  }
}
