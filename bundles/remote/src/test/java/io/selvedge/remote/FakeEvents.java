package io.selvedge.remote;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

public final class FakeEvents implements Events {

  public final List<Event> all = new CopyOnWriteArrayList<>();

  @Override
  public void report(Event.Severity severity, String source, String code, String message) {
    all.add(new Event(Instant.EPOCH, severity, source, code, message));
  }

  @Override
  public List<Event> recent(int most) {
    return all;
  }

  public List<String> codes() {
    return all.stream().map(Event::code).toList();
  }
}
