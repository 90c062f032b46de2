package io.selvedge.flow;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A diary that a test reads. */
public final class FakeEvents implements Events {

  private final List<Event> events = new ArrayList<>();

  @Override
  public synchronized void report(
      Event.Severity severity, String source, String code, String message) {
    events.add(new Event(Instant.EPOCH, severity, source, code, message));
  }

  @Override
  public synchronized List<Event> recent(int most) {
    List<Event> newest = new ArrayList<>(events);
    Collections.reverse(newest);
    return newest.subList(0, Math.min(most, newest.size()));
  }

  /** Codes in the order in which they were reported. */
  public synchronized List<String> codes() {
    return events.stream().map(Event::code).toList();
  }

  /** Messages of one code. */
  public synchronized List<String> messages(String code) {
    return events.stream().filter(e -> e.code().equals(code)).map(Event::message).toList();
  }
}
