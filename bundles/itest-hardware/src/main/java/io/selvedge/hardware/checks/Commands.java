package io.selvedge.hardware.checks;

import io.selvedge.hardware.Rig;
import io.selvedge.hardware.chips.Expected;
import io.selvedge.hardware.host.Rest;
import java.io.IOException;

/** A command by REST. */
public final class Commands {

  private Commands() {}

  /**
   * Sends a switch's new state, and waits until it arrives at the broker as what the device says.
   *
   * @return what arrived
   */
  public static String switchAndSee(Rig rig, String device, String channel, boolean on)
      throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    send(rig, device, channel, Boolean.toString(on));
    Expected expected = new Expected(channel, on ? 1 : 0, 0);
    return rig.arrivals()
        .await(mark, device, channel, Reading.PATIENCE, expected::holds)
        .map(Object::toString)
        .orElseThrow(() -> new IOException("[" + device + "/" + expected + "] did not arrive"));
  }

  /** Sends one; the device has taken it when this returns. */
  public static void send(Rig rig, String device, String channel, String value)
      throws IOException, InterruptedException {
    Rest.Answer answer =
        rig.gateway()
            .rest()
            .post("/api/devices/" + device + "/channels/" + channel, "{\"value\": " + value + "}");
    if (answer.status() != 200) {
      throw new IOException(
          "command [" + device + "/" + channel + "=" + value + "] was refused: " + answer);
    }
  }
}
