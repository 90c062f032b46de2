package io.selvedge.core;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Events, oldest first. */
final class FakeEvents implements Events {

  final List<Event> all = new CopyOnWriteArrayList<>();

  @Override
  public void report(Event.Severity severity, String source, String code, String message) {
    all.add(new Event(Instant.EPOCH, severity, source, code, message));
  }

  @Override
  public List<Event> recent(int most) {
    return List.copyOf(all);
  }

  List<String> codes() {
    return all.stream().map(Event::code).toList();
  }

  String messages() {
    return String.join("\n", all.stream().map(Event::message).toList());
  }
}
