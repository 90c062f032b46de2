package io.selvedge.hardware.checks;

import io.selvedge.hardware.Rig;
import io.selvedge.hardware.chips.Expected;
import io.selvedge.hardware.chips.Simulated;
import io.selvedge.hardware.host.Arrivals.Arrival;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A driver reads its chip through the kernel, and what arrives at the broker is what the chip says.
 */
public final class Reading {

  /** So long may a value take; virtual machines on busy hosts are slow. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private Reading() {}

  /**
   * Each channel's next value since a mark has to be the expected one; where it need not be the
   * first, one has to come.
   *
   * @throws IOException where one is not, or none comes
   */
  public static String check(Rig rig, Simulated device, long mark)
      throws IOException, InterruptedException {
    List<String> seen = new ArrayList<>();
    for (Expected expected : device.expected()) {
      Optional<Arrival> first =
          rig.arrivals()
              .await(mark, device.device(), expected.channel(), PATIENCE, expected::decides);
      if (first.isEmpty()) {
        throw new IOException(
            "[" + expected + "] did not arrive within [" + PATIENCE + "]; " + state(rig, device));
      }
      if (!expected.holds(first.get())) {
        throw new IOException("wanted [" + expected + "], got [" + first.get() + "]");
      }
      seen.add(expected.channel() + "=" + first.get().decimal().orElseThrow());
    }
    return String.join(", ", seen);
  }

  /** What the gateway says of a device. */
  static String state(Rig rig, Simulated device) throws IOException, InterruptedException {
    var body = rig.gateway().rest().get("/api/devices/" + device.device()).body();
    return body.path("state").asText("unknown") + ": " + body.path("reason").asText();
  }
}
