package io.selvedge.mqtt;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/** The little of a bundle's context that the uplink uses: properties and the whiteboard. */
final class FakeFramework {

  private final Map<String, String> properties = new ConcurrentHashMap<>();
  private final List<FakeReference<?>> services = new CopyOnWriteArrayList<>();
  private final List<ServiceListener> listeners = new CopyOnWriteArrayList<>();

  void property(String name, String value) {
    properties.put(name, value);
  }

  <S> void register(Class<S> type, S service, Map<String, Object> serviceProperties) {
    FakeReference<S> reference = new FakeReference<>(type, service, serviceProperties);
    services.add(reference);
    tell(ServiceEvent.REGISTERED, reference);
  }

  /** Takes all services of this type away. */
  void unregister(Class<?> type) {
    for (FakeReference<?> reference : references(type)) {
      services.remove(reference);
      tell(ServiceEvent.UNREGISTERING, reference);
    }
  }

  /** The properties of all services of this type were modified. */
  void modified(Class<?> type) {
    references(type).forEach(reference -> tell(ServiceEvent.MODIFIED, reference));
  }

  private void tell(int event, FakeReference<?> reference) {
    listeners.forEach(listener -> listener.serviceChanged(new ServiceEvent(event, reference)));
  }

  boolean hasListeners() {
    return !listeners.isEmpty();
  }

  BundleContext context() {
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> call(method.getName(), arguments));
  }

  private @Nullable Object call(String method, Object[] arguments) {
    return switch (method) {
      case "getProperty" -> properties.get((String) arguments[0]);
      case "getServiceReferences" -> references((Class<?>) arguments[0]);
      case "getServiceReference" ->
          references((Class<?>) arguments[0]).stream().findFirst().orElse(null);
      case "getService" -> ((FakeReference<?>) arguments[0]).service();
      case "ungetService" -> true;
      case "addServiceListener" -> {
        listeners.add((ServiceListener) arguments[0]);
        yield null;
      }
      case "removeServiceListener" -> {
        listeners.remove((ServiceListener) arguments[0]);
        yield null;
      }
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private List<? extends FakeReference<?>> references(Class<?> type) {
    return services.stream().filter(reference -> reference.type() == type).toList();
  }
}
