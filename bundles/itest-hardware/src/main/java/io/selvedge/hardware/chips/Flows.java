package io.selvedge.hardware.chips;

import java.util.List;
import java.util.Map;

/** A flow that sends every row of the devices to the broker at once. */
public final class Flows {

  private Flows() {}

  /** Its file. */
  public static Map<String, String> sendingAll(List<Simulated> devices) {
    StringBuilder text = new StringBuilder("flow: hardware\nversion: \"1\"\ninputs:\n");
    for (Simulated device : devices) {
      for (Expected expected : device.expected()) {
        text.append("  ")
            .append((device.device() + "_" + expected.channel()).replace('-', '_'))
            .append(": ")
            .append(device.device())
            .append('/')
            .append(expected.channel())
            .append('\n');
      }
    }
    text.append("upload:\n  measurements: {policy: all, priority: 0}\n");
    return Map.of("flows/hardware.flow.yaml", text.toString());
  }
}
