package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.bus.OneWireBus;
import io.selvedge.api.bus.PwmBus;
import io.selvedge.api.bus.SerialBus;
import io.selvedge.api.bus.SpiBus;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The buses of this machine. On a machine without any it lists none, and neither a thread nor a
 * native library is there until something is opened.
 */
@Component(service = {Buses.class, LinuxBuses.class})
public final class LinuxBuses implements Buses {

  private final Supplier<Kernel> kernel;
  private final Tree tree;
  private final Listing listing;
  private final Clock clock;
  private final Map<String, LinuxI2c> i2c = new ConcurrentHashMap<>();
  private final Map<String, LinuxSpi> spi = new ConcurrentHashMap<>();
  private final Supplier<Poller> poller;

  @Activate
  public LinuxBuses() {
    this(JnaKernel::new, Path.of("/"), Clock.systemUTC());
  }

  LinuxBuses(Supplier<Kernel> kernel, Path root, Clock clock) {
    this.kernel = once(kernel);
    this.poller = once(() -> new Poller(this.kernel.get()));
    this.tree = new Tree(root);
    this.listing = new Listing(tree);
    this.clock = clock;
  }

  /** Lines and ports belong to the drivers that hold them; they give them back themselves. */
  @Deactivate
  void stop() {
    i2c.values().forEach(LinuxI2c::close);
    spi.values().forEach(LinuxSpi::close);
  }

  @Override
  public I2cBus i2c(String name) {
    return i2c.computeIfAbsent(name, one -> new LinuxI2c(one, kernel.get(), listing));
  }

  @Override
  public GpioBus gpio(String chip) {
    return new LinuxGpio(chip, kernel.get(), tree, poller.get(), clock);
  }

  @Override
  public SpiBus spi(String name) {
    return spi.computeIfAbsent(name, one -> new LinuxSpi(one, kernel.get(), listing));
  }

  @Override
  public PwmBus pwm(String name) {
    return new LinuxPwm(name, listing);
  }

  @Override
  public OneWireBus oneWire(String name) {
    return new LinuxOneWire(name, listing);
  }

  @Override
  public SerialBus serial(String path) {
    if (!path.startsWith("/dev/")) {
      throw new IllegalArgumentException(
          "serial port ["
              + path
              + "] must be a path below /dev, best one of /dev/serial/by-id, for example"
              + " [/dev/serial0]");
    }
    return new LinuxSerial(path, kernel.get(), tree, poller.get());
  }

  @Override
  public List<BusInfo> list() {
    return all().map(Found::info).toList();
  }

  /**
   * The stable name of what the kernel numbers so just now; for programs written against an
   * interface that has numbers only.
   */
  public Optional<String> nameOf(BusInfo.Kind kind, int number) {
    return all()
        .filter(one -> one.kind() == kind && one.number() == number)
        .map(one -> one.names().get(0))
        .findFirst();
  }

  private Stream<Found> all() {
    List<Found> chips = tree.hasGpio() ? LinuxGpio.list(kernel.get(), tree) : List.of();
    return Stream.of(
            listing.i2c(), chips, listing.spi(), listing.pwm(), listing.oneWire(), listing.serial())
        .flatMap(List::stream);
  }

  private static <T> Supplier<T> once(Supplier<T> make) {
    return new Supplier<>() {
      private volatile Optional<T> made = Optional.empty();

      @Override
      public synchronized T get() {
        T known = made.orElseGet(make);
        made = Optional.of(known);
        return known;
      }
    };
  }
}
