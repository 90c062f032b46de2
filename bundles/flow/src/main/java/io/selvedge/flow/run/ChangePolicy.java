package io.selvedge.flow.run;

import io.selvedge.api.device.Value;
import io.selvedge.flow.definition.Upload;
import io.selvedge.flow.ledger.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A row goes up where an input differs from what went up of it last, or enough time has passed. */
final class ChangePolicy implements RowPolicy {

  private final Upload.Measurements.Change policy;
  private final long atLeast;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Long> times = new HashMap<>();

  ChangePolicy(Upload.Measurements.Change policy) {
    this.policy = policy;
    this.atLeast = policy.atLeast().map(duration -> duration.toMillis()).orElse(Long.MAX_VALUE);
  }

  @Override
  public Optional<Reason> stays(
      List<Inputs.Brought> brought, long time, OptionalDouble confidence) {
    return isDue(device(brought), time) || brought.stream().anyMatch(this::changed)
        ? Optional.empty()
        : Optional.of(Reason.UNCHANGED);
  }

  @Override
  public void goesUp(List<Inputs.Brought> brought, long time) {
    times.put(device(brought), time);
    brought.forEach(one -> values.put(one.input(), one.measurement().value()));
  }

  private static String device(List<Inputs.Brought> brought) {
    return brought.get(0).measurement().device();
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
