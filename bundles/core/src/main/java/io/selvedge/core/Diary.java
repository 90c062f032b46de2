package io.selvedge.core;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.EventListener;
import io.selvedge.api.event.Events;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's diary: logged once, the last 1000 kept, told to all who listen. */
@Component
public final class Diary implements Events {

  private static final Logger log = LoggerFactory.getLogger("selvedge.events");
  private static final int KEPT = 1_000;

  private final Clock clock;
  private final Listeners<EventListener> listeners;
  private final Deque<Event> newest = new ArrayDeque<>();

  @Activate
  public Diary(BundleContext context) {
    this(Clock.systemUTC(), new Listeners<>(context));
  }

  Diary(Clock clock, Listeners<EventListener> listeners) {
    this.clock = clock;
    this.listeners = listeners;
  }

  @Reference(
      name = "listener",
      service = EventListener.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addListener(ServiceReference<EventListener> listener) {
    listeners.add(listener);
  }

  void removeListener(ServiceReference<EventListener> listener) {
    listeners.remove(listener);
  }

  @Override
  public void report(Event.Severity severity, String source, String code, String message) {
    Event event = new Event(clock.instant(), severity, source, code, message);
    switch (severity) {
      case INFO -> log.info("{} {}: {}", source, code, message);
      case WARNING -> log.warn("{} {}: {}", source, code, message);
      case ERROR -> log.error("{} {}: {}", source, code, message);
    }
    synchronized (newest) {
      newest.addFirst(event);
      if (newest.size() > KEPT) {
        newest.removeLast();
      }
    }
    listeners.tell(EventListener::reported, event);
  }

  @Override
  public List<Event> recent(int most) {
    synchronized (newest) {
      List<Event> events = new ArrayList<>(Math.max(0, Math.min(most, newest.size())));
      for (Iterator<Event> i = newest.iterator(); i.hasNext() && events.size() < most; ) {
        events.add(i.next());
      }
      return List.copyOf(events);
    }
  }
}
