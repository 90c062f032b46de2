package io.selvedge.bus.pi4j;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.exception.ShutdownException;
import io.selvedge.bus.pi4j.linux.LinuxBuses;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pi4J's context as a service, {@code com.pi4j.context.Context}: one for all bundles, made when the
 * first asks for it, so that a gateway without drivers for Pi4J pays nothing.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = "io.selvedge.bus.pi4j")
@Designate(ocd = Pi4jConfig.class)
public final class Pi4jService implements ServiceFactory<Context> {

  private static final Logger log = LoggerFactory.getLogger(Pi4jService.class);

  private final BundleContext bundles;
  private final Owners owners = new Owners();
  private final Events events = new Events();
  private final Wiring wiring;
  private final ServiceRegistration<Context> registration;
  private Optional<Context> context = Optional.empty();

  @Activate
  public Pi4jService(
      BundleContext bundles, @Reference(name = "buses") LinuxBuses buses, Pi4jConfig config) {
    this.bundles = bundles;
    Names names = new Names(buses, buses::nameOf, config.gpio_chip(), config.pwm_chip());
    this.wiring = new Wiring(buses, names, events, owners);
    bundles.addBundleListener(owners);
    this.registration = bundles.registerService(Context.class, this, null);
  }

  @Deactivate
  void stop() {
    registration.unregister();
    bundles.removeBundleListener(owners);
    synchronized (this) {
      context.ifPresent(Pi4jService::shutdown);
    }
    events.close();
  }

  @Override
  public synchronized Context getService(Bundle bundle, ServiceRegistration<Context> unused) {
    Context all = context.orElseGet(() -> build(wiring));
    context = Optional.of(all);
    return new SharedContext(all, () -> owners.release(bundle));
  }

  @Override
  public void ungetService(Bundle bundle, ServiceRegistration<Context> unused, Context service) {
    owners.release(bundle);
  }

  /** With our providers alone, also by the names of the plugins whose place they take. */
  static Context build(Wiring wiring) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Pi4jService.class.getClassLoader()); // Pi4J looks for files by it
    try {
      return Pi4J.newContextBuilder()
          .noAutoDetect()
          .disableShutdownHook()
          .add(
              new Inputs("linux-digital-input", wiring),
              new Inputs("gpiod-digital-input", wiring),
              new Outputs("linux-digital-output", wiring),
              new Outputs("gpiod-digital-output", wiring),
              new I2cs("linux-i2c", wiring),
              new I2cs("linuxfs-i2c", wiring),
              new Spis("linux-spi", wiring),
              new Spis("linuxfs-spi", wiring),
              new Pwms("linux-pwm", wiring),
              new Pwms("linuxfs-pwm", wiring),
              new Serials("linux-serial", wiring),
              new Serials("raspberrypi-serial", wiring))
          .build();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void shutdown(Context context) {
    try {
      Context unused = context.shutdown();
    } catch (ShutdownException e) {
      log.warn("Pi4J did not shut down", e);
    }
  }
}
