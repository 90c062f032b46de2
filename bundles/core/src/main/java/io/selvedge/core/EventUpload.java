package io.selvedge.core;

import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.EventListener;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Uplink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the diary to the hub, so that the operator sees it in the fleet: thread {@code
 * selvedge-events}, paced by {@link EventMeter}. While there is no uplink the newest {@value
 * #MOST_WAITING} wait. The uplink is fetched when there is something to send, and again where it
 * could not be had: on a slow machine it may still be in the making.
 *
 * <p>An event never causes another one to be sent. What sending reports is not sent: on this
 * thread, about messages that could not be sent, and of the uplink itself only what it has not said
 * before.
 */
@Component(service = EventListener.class, immediate = true)
public final class EventUpload implements EventListener {

  static final String APP = "EVENT-V1";
  static final int MOST_WAITING = 500;

  private static final Logger log = LoggerFactory.getLogger(EventUpload.class);
  private static final int KEPT_BY_THE_DIARY = 1000;
  private static final int MOST_SAID = 1000;
  private static final int PRIORITY_OF_ERRORS = 1;
  private static final int PRIORITY = 4;
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Flows send their alarms themselves. */
  private static final String ALARM = "alarm";

  /** What is said when something cannot be sent or noted. */
  private static final Set<String> ABOUT_SENDING =
      Set.of("outbox.dead_letter", "outbox.problem", "ledger.problem");

  /** Codes of the connections themselves begin so. */
  private static final List<String> OF_CONNECTIONS = List.of("uplink.", "outbox.", "sparkplug.");

  private final ScheduledThreadPoolExecutor executor;
  private final EventMeter meter = new EventMeter(System.nanoTime());
  private final Deque<EventMeter.Passed> waiting = new ArrayDeque<>();
  private final Set<Event> caughtUp = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> said = new HashSet<>();
  private final @Nullable BundleContext context; // none in unit tests, which bind plain uplinks
  private volatile Optional<Way> uplink = Optional.empty();
  private volatile Optional<Thread> thread = Optional.empty();
  private boolean refused;

  /** To the hub, by the service that was bound. */
  private static final class Way {
    private final Object key;
    private final Supplier<@Nullable Uplink> source;
    private @Nullable Uplink fetched; // on our thread

    Way(Object key, Supplier<@Nullable Uplink> source) {
      this.key = key;
      this.source = source;
    }

    Optional<Uplink> get() {
      if (fetched == null) {
        fetched = source.get();
      }
      return Optional.ofNullable(fetched);
    }
  }

  @Activate
  public EventUpload(BundleContext context, @Reference(name = "events") Events events) {
    this(
        context,
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STARTING
            ? events.recent(KEPT_BY_THE_DIARY) // otherwise this bundle is updated, and sent them
            : List.of());
  }

  /**
   * @param before what was reported before this one could hear it, newest first
   */
  EventUpload(@Nullable BundleContext context, List<Event> before) {
    this.context = context;
    executor = new ScheduledThreadPoolExecutor(1, this::thread);
    caughtUp.addAll(before);
    for (int i = before.size() - 1; i >= 0; i--) {
      Event event = before.get(i);
      executor.execute(() -> take(event));
    }
    var unused =
        executor.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Thread thread(Runnable work) {
    Thread made = new Thread(work, "selvedge-events");
    made.setDaemon(true);
    thread = Optional.of(made);
    return made;
  }

  @Deactivate
  void stop() {
    executor.shutdownNow();
    thread.ifPresent(EventUpload::await);
  }

  private static void await(Thread ended) {
    try {
      ended.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Reference(
      name = "uplink",
      service = Uplink.class,
      target = "(" + Uplink.NAME + "=" + Uplink.HUB + ")",
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindUplink(ServiceReference<Uplink> reference) {
    BundleContext from = context;
    if (from != null) {
      bind(reference, () -> from.getService(reference));
    }
  }

  /**
   * From now on it is this one.
   *
   * @param source gives null where it cannot be had now
   */
  void bind(Object key, Supplier<@Nullable Uplink> source) {
    uplink = Optional.of(new Way(key, source));
    later(this::flush);
  }

  void unbindUplink(ServiceReference<Uplink> reference) {
    uplink = uplink.filter(way -> !way.key.equals(reference));
    if (context != null) {
      context.ungetService(reference);
    }
  }

  @Override
  public void reported(Event event) {
    boolean bySending = thread.filter(own -> own == Thread.currentThread()).isPresent();
    if (!bySending) {
      later(
          () -> {
            if (!caughtUp.remove(event)) {
              take(event);
            }
          });
    }
  }

  private void later(Runnable work) {
    if (!executor.isShutdown()) {
      executor.execute(work);
    }
  }

  private void take(Event event) {
    String code = event.code();
    if (code.equals(ALARM) || ABOUT_SENDING.contains(code)) {
      return;
    }
    if (OF_CONNECTIONS.stream().anyMatch(code::startsWith) && !isNew(event)) {
      return;
    }
    meter.offer(event, System.nanoTime()).ifPresent(waiting::addLast);
    flush();
  }

  /** What a connection says again and again may be what sending the event before has caused. */
  private boolean isNew(Event event) {
    return said.size() < MOST_SAID && said.add(event.code() + ' ' + event.message());
  }

  private void look() {
    caughtUp.clear(); // what was being told while this one began has come by now
    if (meter.holds()) {
      waiting.addAll(meter.due(System.nanoTime()));
    }
    flush();
  }

  private void flush() {
    while (waiting.size() > MOST_WAITING) {
      waiting.removeFirst();
    }
    if (waiting.isEmpty()) {
      return;
    }
    Optional<Uplink> way = uplink.flatMap(Way::get);
    while (way.isPresent() && !waiting.isEmpty()) {
      send(way.get(), waiting.removeFirst());
    }
  }

  private void send(Uplink way, EventMeter.Passed passed) {
    try {
      var unused =
          way.send(message(passed))
              .whenComplete(
                  (record, problem) -> later(() -> settled(Optional.ofNullable(problem))));
    } catch (RuntimeException e) { // an uplink that throws has refused, too
      settled(Optional.of(e));
    }
  }

  /** Said in the log, not in the diary: an event about events would go up itself. */
  private void settled(Optional<Throwable> problem) {
    if (problem.isPresent() && !refused) {
      log.warn("Events do not go up: {}", problem.get().toString());
    } else if (problem.isEmpty() && refused) {
      log.info("Events go up again");
    }
    refused = problem.isPresent();
  }

  static Message message(EventMeter.Passed passed) {
    Event event = passed.event();
    Map<String, Value> metrics = new HashMap<>();
    metrics.put("severity", Value.of(event.severity().name()));
    metrics.put("source", Value.of(event.source()));
    metrics.put("code", Value.of(event.code()));
    metrics.put("message", Value.of(event.message()));
    if (passed.suppressed() > 0) {
      metrics.put("suppressed", Value.of(passed.suppressed()));
    }
    int priority = event.severity() == Event.Severity.ERROR ? PRIORITY_OF_ERRORS : PRIORITY;
    return new Message(
        APP, event.code(), event.time(), metrics, new byte[0], priority, Duration.ZERO);
  }
}
