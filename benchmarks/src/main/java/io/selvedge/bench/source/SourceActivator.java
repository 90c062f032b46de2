package io.selvedge.bench.source;

import io.selvedge.api.device.Driver;
import io.selvedge.api.uplink.Uplink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * Registers two devices and does what the bench says over a socket on loopback, whose port is in
 * the file {@code bench.port} of the instance's data. Lines:
 *
 * <pre>
 *   run DEVICE ROWS CHANNELS PER_SECOND   answers: done SECONDS, when the broker has them all
 *   status                                answers: status CONNECTED ENDPOINT SINCE PENDING DELIVERED
 * </pre>
 */
public final class SourceActivator implements BundleActivator {

  private static final long LOOK_NANOS = 1_000_000;

  private final Map<String, SourceDriver> drivers = new HashMap<>();
  private Optional<Socket> socket = Optional.empty();

  @Override
  public void start(BundleContext context) throws IOException {
    for (String device : new String[] {"source", "urgent"}) {
      SourceDriver driver = new SourceDriver(() -> uplink(context));
      drivers.put(device, driver);
      context.registerService(
          Driver.class,
          driver,
          FrameworkUtil.asDictionary(Map.of("device.id", device, "interval.ms", 1)));
    }
    Path port = Path.of(context.getProperty("selvedge.data"), "bench.port");
    Socket to =
        new Socket(
            InetAddress.getLoopbackAddress(), Integer.parseInt(Files.readString(port).strip()));
    socket = Optional.of(to);
    Thread thread = new Thread(() -> serve(context, to), "bench-source");
    thread.setDaemon(true);
    thread.start();
  }

  /** The connection to the hub: it has the highest ranking. */
  private static Optional<Uplink> uplink(BundleContext context) {
    return Optional.ofNullable(context.getServiceReference(Uplink.class)).map(context::getService);
  }

  private void serve(BundleContext context, Socket to) {
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(to.getInputStream(), StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(to.getOutputStream(), true, StandardCharsets.US_ASCII)) {
      String line = in.readLine();
      while (line != null) {
        out.println(answer(context, line.split(" ", -1)));
        line = in.readLine();
      }
    } catch (IOException e) {
      // the bench has ended, or this bundle is stopped
    }
  }

  private String answer(BundleContext context, String[] words) {
    Optional<Uplink> uplink = uplink(context);
    if (uplink.isEmpty()) {
      return "none";
    }
    if (words[0].equals("status")) {
      Uplink.Status status = uplink.get().status();
      return "status "
          + status.connected()
          + " "
          + status.endpoint()
          + " "
          + status.since()
          + " "
          + status.pending()
          + " "
          + status.delivered();
    }
    return "done "
        + run(
            uplink.get(),
            Optional.ofNullable(drivers.get(words[1])).orElseThrow(),
            Long.parseLong(words[2]),
            Integer.parseInt(words[3]),
            Long.parseLong(words[4]));
  }

  /** Waits until nothing is pending, produces, and waits until all are delivered; seconds. */
  private static double run(
      Uplink uplink, SourceDriver driver, long rows, int channels, long perSecond) {
    while (uplink.status().pending() > 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    long before = uplink.status().delivered();
    long begun = System.nanoTime();
    driver.produce(rows, channels, perSecond, before);
    while (uplink.status().delivered() - before < rows) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  @Override
  public void stop(BundleContext context) throws IOException {
    if (socket.isPresent()) {
      socket.get().close();
    }
  }
}
