package io.selvedge.sparkplug;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The diary as a list. */
final class FakeEvents implements Events {

  final List<Event> events = new CopyOnWriteArrayList<>();

  @Override
  public void report(Event.Severity severity, String source, String code, String message) {
    events.add(new Event(Instant.EPOCH, severity, source, code, message));
  }

  @Override
  public List<Event> recent(int most) {
    return List.copyOf(events);
  }

  List<String> messages(String code) {
    return events.stream().filter(event -> event.code().equals(code)).map(Event::message).toList();
  }
}
