package io.selvedge.remote.conf;

import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Uplink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Takes a change of the connection back that cuts the gateway off: whoever made it from afar could
 * not mend it from afar. What is not confirmed by a connection stands in a file, so that a restart
 * changes nothing about it. Thread: {@code selvedge-configuration-guard}, while something is open.
 */
@Component(service = ConnectionGuard.class, configurationPid = "io.selvedge.remote.conf")
@Designate(ocd = GuardConfig.class)
public final class ConnectionGuard {

  /** Configurations on which the connection hangs. */
  private static final Set<String> CONNECTION = Set.of("io.selvedge.mqtt");

  /** The connection that is looked at must be one of after the change. */
  private static final Duration RESTART = Duration.ofSeconds(20);

  private final Path file;
  private final Snapshots snapshots;
  private final Events events;
  private final Duration patience;
  private final Duration restart;
  private final LongSupplier nanos;
  private final ScheduledThreadPoolExecutor executor;
  private BooleanSupplier connected = () -> false;
  private long armed;

  @Activate
  public ConnectionGuard(
      BundleContext context,
      @Reference(name = "snapshots") Snapshots snapshots,
      @Reference(name = "events") Events events,
      GuardConfig config)
      throws IOException {
    this(
        Path.of(context.getProperty("selvedge.data"), "configuration", "unconfirmed"),
        snapshots,
        events,
        Duration.ofSeconds(config.confirm_seconds()),
        RESTART,
        System::nanoTime);
    connected = () -> isConnected(context);
    resume();
  }

  ConnectionGuard(
      Path file,
      Snapshots snapshots,
      Events events,
      Duration patience,
      Duration restart,
      LongSupplier nanos) {
    this.file = file;
    this.snapshots = snapshots;
    this.events = events;
    this.patience = patience;
    this.restart = restart;
    this.nanos = nanos;
    executor =
        new ScheduledThreadPoolExecutor(1, run -> new Thread(run, "selvedge-configuration-guard"));
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /** For tests: what says whether there is a connection. */
  void connectedIs(BooleanSupplier now) {
    connected = now;
  }

  @Deactivate
  void stop() {
    executor.shutdownNow();
  }

  /**
   * Looked up each time: declarative services would try to get it once only, and it may be in the
   * making just then.
   */
  private static boolean isConnected(BundleContext context) {
    try {
      for (ServiceReference<Uplink> reference :
          context.getServiceReferences(Uplink.class, "(" + Uplink.NAME + "=" + Uplink.HUB + ")")) {
        Uplink now = context.getService(reference);
        if (now != null) {
          try {
            return now.status().connected();
          } finally {
            context.ungetService(reference);
          }
        }
      }
      return false;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // the filter is a constant
    }
  }

  /** Whether a change of these must be confirmed by a connection. */
  boolean concerns(Set<String> pids) {
    return !patience.isZero() && pids.stream().anyMatch(CONNECTION::contains);
  }

  /** Called before a change that must be confirmed. */
  synchronized void arm(String why) throws IOException {
    if (Files.exists(file)) {
      armed = nanos.getAsLong(); // back to what was confirmed last
      return;
    }
    long id = snapshots.take("before: " + why).id();
    Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
    Path beside = file.resolveSibling(".unconfirmed.new");
    Files.writeString(
        beside, Long.toString(id), StandardOpenOption.CREATE, StandardOpenOption.SYNC);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    begin();
  }

  /** A restart amid a confirmation: it begins anew. */
  synchronized void resume() {
    if (Files.exists(file)) {
      begin();
    }
  }

  private void begin() {
    armed = nanos.getAsLong();
    lookLater();
  }

  private void lookLater() {
    if (!executor.isShutdown()) {
      var unused =
          executor.schedule(
              this::look, Math.max(20, restart.toMillis() / 10), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void look() {
    long since = nanos.getAsLong() - armed;
    try {
      if (since >= restart.toNanos() && connected.getAsBoolean()) {
        Files.deleteIfExists(file);
      } else if (since >= patience.toNanos()) {
        takeBack();
      } else {
        lookLater();
      }
    } catch (IOException | IllegalArgumentException e) {
      events.report(
          Severity.ERROR,
          "remote/CONF-V1",
          "configuration.not_taken_back",
          "a change of the connection that cut the gateway off cannot be taken back: "
              + e.getMessage()
              + "; it is tried again");
      begin(); // after as long again
    }
  }

  private void takeBack() throws IOException {
    long id = Long.parseLong(Files.readString(file).strip());
    snapshots.rollback(id, "no connection after a change from afar");
    Files.deleteIfExists(file);
    events.report(
        Severity.WARNING,
        "remote/CONF-V1",
        "configuration.taken_back",
        "there was no connection within ["
            + patience.toSeconds()
            + " s] after a change of it from afar; the configuration is that of snapshot ["
            + id
            + "] again");
  }
}
