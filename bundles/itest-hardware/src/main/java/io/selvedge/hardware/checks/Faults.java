package io.selvedge.hardware.checks;

import io.selvedge.api.device.Value;
import io.selvedge.hardware.Rig;
import io.selvedge.hardware.chips.Expected;
import io.selvedge.hardware.chips.Simulated;
import io.selvedge.hardware.host.Arrivals.Arrival;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A fault is told with its reason, no false value comes of it, and afterwards all is well again.
 */
public final class Faults {

  private static final long LOOK_MILLIS = 50;

  private Faults() {}

  /** Breaks, waits until the gateway says so, mends, waits for the value. */
  public static String check(Rig rig, Simulated device, Simulated.Fault fault)
      throws IOException, InterruptedException {
    Expected expected = device.expected().get(0);
    long mark = rig.arrivals().mark();
    String reason;
    rig.agent().run(fault.on());
    try {
      reason = awaitReason(rig, device, fault, mark);
    } finally {
      rig.agent().run(fault.off());
    }
    long mended = rig.arrivals().mark();
    Optional<Arrival> back =
        rig.arrivals()
            .await(mended, device.device(), expected.channel(), Reading.PATIENCE, expected::holds);
    if (back.isEmpty()) {
      throw new IOException("[" + expected + "] did not come back; " + Reading.state(rig, device));
    }
    for (Arrival arrival : rig.arrivals().since(mark, device.device(), expected.channel())) {
      if (arrival.decimal().isPresent() && !expected.holds(arrival)) {
        throw new IOException(
            "false value [" + arrival + "] arrived, chip says [" + expected + "]");
      }
    }
    return reason;
  }

  /** The obstacle is gone for good: the device is down for that. */
  public static String silence(Rig rig, Simulated device) throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    rig.agent().run("kill $(cat /run/echoes.pid)");
    return awaitReason(
        rig, device, new Simulated.Fault("no echo", "", "", "(?i)no echo|OUT_OF_RANGE"), mark);
  }

  /** What the gateway says: why the device is down, or why the value is missing. */
  private static String awaitReason(Rig rig, Simulated device, Simulated.Fault fault, long mark)
      throws IOException, InterruptedException {
    Pattern wanted = Pattern.compile(fault.reason());
    String channel = device.expected().get(0).channel();
    long until = System.nanoTime() + Reading.PATIENCE.toNanos();
    String seen = "";
    while (System.nanoTime() < until) {
      Optional<Arrival> missing =
          rig.arrivals().since(mark, device.device(), channel).stream()
              .filter(arrival -> arrival.value() instanceof Value.Missing)
              .findFirst();
      if (missing.isPresent()) {
        seen = String.valueOf(missing.get().value());
      } else {
        var status = rig.gateway().rest().get("/api/devices/" + device.device()).body();
        if (status.path("state").asText().equals("DOWN")) {
          seen = status.path("reason").asText();
        }
      }
      if (wanted.matcher(seen).find()) {
        return seen;
      }
      if (!seen.isEmpty() && !mayBeSaidBefore(fault, seen)) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new IOException(
        seen.isEmpty()
            ? "fault was not noticed; " + Reading.state(rig, device)
            : "told [" + seen + "], wanted [" + fault.reason() + "]");
  }

  private static boolean mayBeSaidBefore(Simulated.Fault fault, String seen) {
    return !fault.before().isEmpty() && Pattern.compile(fault.before()).matcher(seen).find();
  }
}
