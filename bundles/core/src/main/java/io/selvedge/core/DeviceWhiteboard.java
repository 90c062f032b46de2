package io.selvedge.core;

import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.MeasurementListener;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
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

/** Finds drivers and measurement listeners among the services and joins them to the device loop. */
@Component(service = Devices.class, immediate = true)
public final class DeviceWhiteboard implements Devices {

  private static final Duration GRACE = Duration.ofSeconds(1);

  private final BundleContext context;
  private final Events events;
  private final Listeners<MeasurementListener> listeners;
  private final DeviceLoop loop;
  private final Map<ServiceReference<Driver>, Device> devices = new ConcurrentHashMap<>();

  @Activate
  public DeviceWhiteboard(BundleContext context, @Reference(name = "events") Events events) {
    this.context = context;
    this.events = events;
    this.listeners = new Listeners<>(context);
    this.loop =
        new DeviceLoop(
            events,
            Clock.systemUTC(),
            GRACE,
            new Publisher() {
              @Override
              public void publish(List<Measurement> row) {
                listeners.tell(MeasurementListener::hear, row);
              }

              @Override
              public void done() {
                listeners.tellAfter(MeasurementListener::handOver);
              }
            });
  }

  @Deactivate
  void stop() throws InterruptedException {
    loop.stop();
  }

  @Reference(
      name = "driver",
      service = Driver.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addDriver(ServiceReference<Driver> reference) {
    String name = nameOf(reference);
    try {
      DeviceSettings settings = DeviceSettings.of(name, propertiesOf(reference));
      devices.put(reference, loop.add(settings, new ServiceSource(reference, settings)));
    } catch (IllegalArgumentException e) {
      events.report(
          Severity.WARNING,
          "driver/" + name,
          "device.refused",
          (e.getMessage() == null ? e.toString() : e.getMessage()) + askedBy(reference));
    }
  }

  void removeDriver(ServiceReference<Driver> reference) {
    Device device = devices.remove(reference);
    if (device == null || !loop.remove(device)) {
      return;
    }
    // Where the gateway stops, all go, and nobody wants to hear of each.
    if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.ACTIVE
        && context.getBundle().getState() == Bundle.ACTIVE) {
      events.report(
          Severity.INFO,
          "device/" + device.id(),
          "device.removed",
          "device [" + device.id() + "]: its driver or its configuration has gone or is replaced");
    }
  }

  @Reference(
      name = "listener",
      service = MeasurementListener.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addListener(ServiceReference<MeasurementListener> listener) {
    listeners.add(listener);
  }

  void removeListener(ServiceReference<MeasurementListener> listener) {
    listeners.remove(listener);
  }

  @Override
  public List<DeviceStatus> list() {
    return loop.list();
  }

  @Override
  public Optional<DeviceStatus> find(String id) {
    return loop.find(id);
  }

  @Override
  public List<Measurement> latest(String id) {
    return loop.latest(id);
  }

  @Override
  public CompletionStage<Void> send(Command command) {
    return loop.send(command);
  }

  private static String nameOf(ServiceReference<?> reference) {
    return Optional.ofNullable(reference.getBundle())
        .map(bundle -> bundle.getSymbolicName())
        .orElse("?");
  }

  /** Where one of several configurations is wrong, its name says which. */
  private static String askedBy(ServiceReference<?> reference) {
    Object pid = reference.getProperty(Constants.SERVICE_PID);
    return pid == null ? "" : "; correct the configuration [" + pid + "]";
  }

  private static Map<String, Object> propertiesOf(ServiceReference<?> reference) {
    Map<String, Object> properties = new HashMap<>();
    for (String key : reference.getPropertyKeys()) {
      properties.put(key, reference.getProperty(key));
    }
    return properties;
  }

  private final class ServiceSource implements DriverSource {
    private final ServiceReference<Driver> reference;
    private final DeviceSettings settings;
    private @Nullable Driver made; // none until the first call; fetched once, to be given back once

    ServiceSource(ServiceReference<Driver> reference, DeviceSettings settings) {
      this.reference = reference;
      this.settings = settings;
    }

    @Override
    public Driver open() throws DeviceException {
      Driver known = made;
      if (known != null) {
        return known;
      }
      Driver driver = context.getService(reference);
      if (driver == null) {
        throw new DeviceException(
            "driver ["
                + settings.driver()
                + "] could not be made from its configuration: "
                + ComponentFailure.of(context, reference).orElse("the log says why"));
      }
      made = driver;
      return driver;
    }

    @Override
    public void close() {
      try {
        context.ungetService(reference);
      } catch (IllegalStateException e) {
        // this bundle has stopped, and with it went what it held
      }
    }
  }
}
