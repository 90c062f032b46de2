package io.selvedge.flow.run;

import io.selvedge.api.device.Value;
import io.selvedge.flow.definition.Upload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Sends a row where an input differs from what was sent of it last, or where enough time passed.
 */
final class ChangeUpload implements MeasurementUpload {

  private final Upload.Measurements.Change policy;
  private final long atLeast;
  private final DataMessages messages;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Long> times = new HashMap<>();

  ChangeUpload(Upload.Measurements.Change policy, DataMessages messages) {
    this.policy = policy;
    this.atLeast = policy.atLeast().map(duration -> duration.toMillis()).orElse(Long.MAX_VALUE);
    this.messages = messages;
  }

  @Override
  public void row(List<Inputs.Brought> brought, long time, OptionalDouble confidence) {
    if (brought.isEmpty()) {
      return;
    }
    String device = brought.get(0).measurement().device();
    if (!isDue(device, time) && brought.stream().noneMatch(this::changed)) {
      return;
    }
    messages.send(brought, time);
    times.put(device, time);
    brought.forEach(one -> values.put(one.input(), one.measurement().value()));
  }

  private boolean isDue(String device, long time) {
    Long last = times.get(device);
    return last == null || time - last >= atLeast || time < last;
  }

  private boolean changed(Inputs.Brought one) {
    Value before = values.get(one.input());
    Value now = one.measurement().value();
    if (before == null) {
      return true;
    }
    OptionalDouble was = before.number();
    OptionalDouble is = now.number();
    if (was.isPresent() && is.isPresent()) {
      double difference = Math.abs(is.getAsDouble() - was.getAsDouble());
      return difference > policy.deadband().getOrDefault(one.input(), 0.0);
    }
    if (before instanceof Value.Missing last && now instanceof Value.Missing missing) {
      return last.reason() != missing.reason();
    }
    return !before.equals(now);
  }
}
