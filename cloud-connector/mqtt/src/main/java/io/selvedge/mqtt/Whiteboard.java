package io.selvedge.mqtt;

import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.GatewayFacts;
import io.selvedge.api.uplink.Notifier;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.api.uplink.UplinkListener;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of others that the uplink calls. They are looked up when they are needed and not
 * before: most of them need the uplink themselves.
 */
final class Whiteboard implements Downlink.Handlers, Births.Sources, ServiceListener {

  private static final Logger log = LoggerFactory.getLogger(Whiteboard.class);
  private static final String APP_ID = "app.id";

  private final BundleContext context;
  private final Executor executor;
  private final Set<ServiceReference<?>> told = new HashSet<>();
  private boolean connected;
  private Runnable changed = () -> {};

  /**
   * @param executor calls the listeners
   */
  Whiteboard(BundleContext context, Executor executor) {
    this.context = context;
    this.executor = executor;
  }

  /**
   * Begins to hear of services.
   *
   * @param toldOf called when applications or facts may have changed; must not block
   */
  void open(Runnable toldOf) {
    changed = toldOf;
    try {
      context.addServiceListener(
          this,
          "(|"
              + filter(UplinkListener.class)
              + filter(RequestHandler.class)
              + filter(GatewayFacts.class)
              + ")");
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // the filter is a constant
    }
  }

  private static String filter(Class<?> type) {
    return "(" + Constants.OBJECTCLASS + "=" + type.getName() + ")";
  }

  void close() {
    context.removeServiceListener(this);
  }

  @Override
  public Optional<Reply> handle(String app, Request request, Notifier notifier) {
    return references(RequestHandler.class).stream()
        .filter(reference -> app.equals(reference.getProperty(APP_ID)))
        .findFirst()
        .flatMap(reference -> with(reference, handler -> handler.handle(request, notifier)));
  }

  @Override
  public Collection<String> apps() {
    return references(RequestHandler.class).stream()
        .map(reference -> reference.getProperty(APP_ID))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new HashMap<>();
    for (ServiceReference<GatewayFacts> reference : references(GatewayFacts.class)) {
      try {
        with(reference, GatewayFacts::facts)
            .ifPresent(found -> found.forEach(facts::putIfAbsent)); // the highest ranking wins
      } catch (RuntimeException e) { // a plugin; the birth goes out without its facts
        log.warn("Facts of [{}] cannot be had", reference, e);
      }
    }
    return facts;
  }

  Optional<Events> events() {
    return Optional.ofNullable(context.getServiceReference(Events.class))
        .flatMap(reference -> Optional.ofNullable(context.getService(reference)));
  }

  /** On the executor: tells all listeners, and from now on each new one. */
  void connected() {
    told.clear();
    connected = true;
    references(UplinkListener.class).forEach(this::tell);
  }

  /** On the executor. */
  void disconnected() {
    connected = false;
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    ServiceReference<?> reference = event.getServiceReference();
    Object types = reference.getProperty(Constants.OBJECTCLASS);
    List<String> names = types instanceof String[] all ? List.of(all) : List.of();
    if (event.getType() == ServiceEvent.REGISTERED
        && names.contains(UplinkListener.class.getName())) {
      executor.execute(() -> tell(reference));
    }
    if (names.contains(RequestHandler.class.getName())
        || names.contains(GatewayFacts.class.getName())) {
      changed.run();
    }
  }

  private void tell(ServiceReference<?> reference) {
    if (!connected || !told.add(reference)) {
      return;
    }
    try {
      with(
          reference,
          listener -> {
            ((UplinkListener) listener).connected();
            return true;
          });
    } catch (RuntimeException e) { // a listener is a plugin; the others still hear
      log.warn("Uplink listener [{}] met an error", reference, e);
    }
  }

  private <S, R> Optional<R> with(ServiceReference<S> reference, Function<S, R> work) {
    S service = context.getService(reference);
    if (service == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.apply(service));
    } finally {
      context.ungetService(reference);
    }
  }

  private <S> List<ServiceReference<S>> references(Class<S> type) {
    try {
      return context.getServiceReferences(type, null).stream()
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
  }
}
