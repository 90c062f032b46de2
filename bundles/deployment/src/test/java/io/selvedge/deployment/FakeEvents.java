package io.selvedge.deployment;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Keeps what was reported, oldest first. */
final class FakeEvents implements Events {

  private final List<Event> reported = new ArrayList<>();

  @Override
  public synchronized void report(
      Event.Severity severity, String source, String code, String message) {
    reported.add(new Event(Instant.EPOCH, severity, source, code, message));
  }

  @Override
  public synchronized List<Event> recent(int most) {
    return List.copyOf(reported);
  }

  List<String> codes() {
    return recent(1000).stream().map(Event::code).toList();
  }

  synchronized void clear() {
    reported.clear();
  }
}
