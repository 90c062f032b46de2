package io.selvedge.mqtt;

import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Notifier;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.api.uplink.UplinkListener;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
final class Whiteboard implements Downlink.Handlers, ServiceListener {

  private static final Logger log = LoggerFactory.getLogger(Whiteboard.class);
  private static final String APP_ID = "app.id";

  private final BundleContext context;
  private final Executor executor;
  private final Set<ServiceReference<?>> told = new HashSet<>();
  private boolean connected;

  /**
   * @param executor calls the listeners
   */
  Whiteboard(BundleContext context, Executor executor) {
    this.context = context;
    this.executor = executor;
  }

  void open() {
    try {
      context.addServiceListener(
          this, "(" + Constants.OBJECTCLASS + "=" + UplinkListener.class.getName() + ")");
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // the filter is a constant
    }
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

  /** Ids of the applications that answer now. */
  Collection<String> apps() {
    return references(RequestHandler.class).stream()
        .map(reference -> reference.getProperty(APP_ID))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
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
    if (event.getType() == ServiceEvent.REGISTERED) {
      executor.execute(() -> tell(event.getServiceReference()));
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
