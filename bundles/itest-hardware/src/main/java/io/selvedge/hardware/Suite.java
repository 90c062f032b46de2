package io.selvedge.hardware;

import io.selvedge.hardware.checks.Architecture;
import io.selvedge.hardware.checks.Commands;
import io.selvedge.hardware.checks.Faults;
import io.selvedge.hardware.checks.Lines;
import io.selvedge.hardware.checks.Must;
import io.selvedge.hardware.checks.Reading;
import io.selvedge.hardware.checks.Swaps;
import io.selvedge.hardware.checks.Swaps.Swapped;
import io.selvedge.hardware.chips.Expected;
import io.selvedge.hardware.chips.Inventory;
import io.selvedge.hardware.chips.Simulated;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All checks, in their order. */
final class Suite {

  private final Rig rig;
  private final Report report;

  Suite(Rig rig, Report report) {
    this.rig = rig;
    this.report = report;
  }

  void run(Inventory inventory, int swaps) throws InterruptedException {
    report.check("the gateway's process is unprivileged", this::unprivileged);
    report.check("the gateway's Java is of this architecture", () -> Architecture.java(rig));
    report.check("each bundle runs on it", () -> Architecture.bundles(rig));
    report.check("models run, or it is said why not", () -> Architecture.models(rig));
    report.check("each shipped driver has a device here", () -> tested(inventory));
    for (Simulated device : rig.devices()) {
      boolean arrived =
          report.check(
              device.device() + ": its values arrive", () -> Reading.check(rig, device, 0));
      if (!arrived && rig.arrivals().count() == 0) {
        report.step("nothing arrives at all, the rest is left out; " + log());
        return;
      }
    }
    if (!rig.device("level").isEmpty()) {
      report.check(
          "level: without echoes it is down",
          () -> Faults.silence(rig, rig.device("level").get(0)));
    }
    lines();
    outputs();
    faults();
    swaps(swaps);
    controls();
  }

  /** What the gateway warned of. */
  private String log() {
    try {
      return rig.agent()
          .attempt("grep -hE -A 12 'WARN|ERROR|uplink|flow' /home/gateway/instance/log/gateway.log")
          .output();
    } catch (IOException e) {
      return "its log cannot be read: " + e.getMessage();
    }
  }

  private String unprivileged() throws IOException {
    String status =
        rig.agent()
            .run(
                "grep -E '^(Uid|CapEff|Groups)' /proc/"
                    + rig.gateway().pid()
                    + "/status | tr -s '\\t\\n' ' '");
    if (!status.contains("Uid: 1000 1000 1000 1000")
        || !status.contains("CapEff: 0000000000000000")) {
      throw new IOException("it runs as [" + status + "]");
    }
    return status;
  }

  private String tested(Inventory inventory) throws IOException {
    if (!inventory.untested().isEmpty()) {
      throw new IOException("nothing tests " + inventory.untested());
    }
    return rig.devices().size() + " devices";
  }

  private void lines() throws InterruptedException {
    if (rig.device(Lines.HEADER).isEmpty()) {
      return;
    }
    report.check(
        "an edge from outside arrives as a measurement",
        () -> Lines.edge(rig, 4, "button", true) + "; " + Lines.edge(rig, 4, "button", false));
    report.check(
        "an edge has the kernel's time, however late it is read",
        () -> Lines.stamped(rig, 4, "button"));
    report.check("pulses are counted, each once", () -> Lines.pulses(rig, 6, "pulses", 25));
    report.check(
        "a contact that bounces is told once", () -> Lines.bounce(rig, 5, "bouncing", 500));
    report.check(
        "a command drives a line that the simulator sees",
        () -> Lines.drive(rig, 17, "relay", true) + ", " + Lines.drive(rig, 17, "relay", false));
  }

  /** Outputs on I2C: what the chip holds after a command. */
  private void outputs() throws InterruptedException {
    output("pcf8574", "p0", "false", "peek 1 0x20 0 1", "fe");
    output("mcp23017", "b0", "true", "peek 1 0x21 0x14 2", "00 01");
    output("pca9685", "servo3", "1500", "peek 2 0x40 0x12 4", "00 00 33 01");
  }

  private void output(String device, String channel, String value, String peek, String wanted)
      throws InterruptedException {
    if (rig.device(device).isEmpty()) {
      return;
    }
    report.check(
        device + ": a command reaches the chip",
        () -> {
          Commands.send(rig, device, channel, value);
          String seen = rig.agent().run(peek).strip();
          if (!seen.equals(wanted)) {
            throw new IOException("the chip holds [" + seen + "], wanted [" + wanted + "]");
          }
          return channel + "=" + value + ": " + seen;
        });
  }

  /** What hangs on different buses breaks at the same time; one after the other takes a minute. */
  private void faults() throws InterruptedException {
    Map<String, ExecutorService> lanes = new HashMap<>();
    Map<String, Future<String>> checks = new LinkedHashMap<>();
    for (Simulated device : rig.devices()) {
      for (Simulated.Fault fault : device.faults()) {
        ExecutorService lane =
            lanes.computeIfAbsent(fault.bus(), bus -> Executors.newSingleThreadExecutor());
        checks.put(
            device.device() + ": " + fault.what() + ", and mended",
            lane.submit(() -> Faults.check(rig, device, fault)));
      }
    }
    lanes.values().forEach(ExecutorService::shutdown);
    for (Map.Entry<String, Future<String>> one : checks.entrySet()) {
      report.check(one.getKey(), () -> seen(one.getValue()));
    }
  }

  private static String seen(Future<String> check) throws Exception {
    try {
      return check.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void swaps(int times) throws InterruptedException {
    if (rig.device(Lines.HEADER).isEmpty() || rig.device("mcp9808").isEmpty()) {
      return;
    }
    Swaps swaps = new Swaps(rig);
    report.check(
        "drivers of GPIO and I2C swapped, both used after each time",
        () ->
            swaps.check(
                times,
                List.of(
                    new Swapped("selvedge-driver-gpio", Lines.HEADER),
                    new Swapped("selvedge-driver-mcp9808", "mcp9808")),
                this::useBoth));
    report.figure("one swap of two drivers with use of both, median", swaps.median(), "s");
  }

  /** A temperature that was not there before arrives, an edge arrives, a line is driven. */
  private void useBoth(int round) throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    int sixteenths = 0x100 + round;
    rig.agent()
        .run(String.format("i2c 0 poke '0x18 5 %02x %02x'", sixteenths >> 8, sixteenths & 0xff));
    Lines.edge(rig, 4, "button", round % 2 == 1);
    Lines.drive(rig, 17, "relay", round % 2 == 0);
    Expected expected = new Expected("temperature", sixteenths / 16.0, 0);
    if (rig.arrivals()
        .await(mark, "mcp9808", "temperature", Reading.PATIENCE, expected::holds)
        .isEmpty()) {
      throw new IOException("[mcp9808/" + expected + "] did not arrive");
    }
  }

  private void controls() throws InterruptedException {
    for (Simulated device : rig.device("mcp9808")) {
      report.check(
          "control: a chip with another image is found out",
          () -> {
            rig.agent().run("i2c 0 poke '0x18 5 c1 a4'");
            long mark = awaitNext(device);
            String found = Must.fail(() -> Reading.check(rig, device, mark));
            rig.agent().run("i2c 0 poke '0x18 5 c1 94'");
            return found;
          });
      report.check(
          "control: a driver with another coefficient is found out",
          () -> {
            rig.gateway().deploy(HardwareTest.ALTERED, device.bundle() + ".jar");
            long mark = awaitSwap(device);
            return Must.fail(() -> Reading.check(rig, device, mark));
          });
    }
    for (Simulated device : rig.device("sht3x")) {
      report.check(
          "control: a false value behind a right check sum is found out",
          () -> {
            rig.agent().run("i2c 0 poke '0x44 0x2400 be ef 92 a5 26 29'");
            long mark = awaitNext(device);
            return Must.fail(() -> Reading.check(rig, device, mark));
          });
    }
    for (Simulated device : rig.device(Lines.HEADER)) {
      report.check(
          "control: a relay that hangs is found out",
          () ->
              Must.fail(
                  () -> {
                    Lines.drive(rig, 17, "relay", true);
                    return seesRelayOff();
                  }));
      report.check(
          "control: " + device.device() + " without permission is down, and says which group helps",
          this::withoutPermission);
    }
  }

  private String seesRelayOff() throws IOException {
    String seen = rig.agent().run("line 17 value");
    if (!seen.equals("0")) {
      throw new IOException("line 17 is [" + seen + "]");
    }
    return seen;
  }

  /** Takes the group's right to the chip away for a moment, and brings the chip anew. */
  private String withoutPermission() throws IOException, InterruptedException {
    Simulated header = rig.device(Lines.HEADER).get(0);
    return Faults.check(
        rig,
        header,
        new Simulated.Fault(
            "forbidden",
            "gpio_off; gpio_on; udevadm settle; chmod 600 /dev/gpiochip*",
            "chmod 660 /dev/gpiochip*",
            "\\[gpio\\]",
            "ENODEV|no GPIO chip"));
  }

  /** After the next two values: one may have been under way before. */
  private long awaitNext(Simulated device) throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    for (int i = 0; i < 2; i++) {
      long from = mark;
      mark =
          rig.arrivals()
              .await(
                  from,
                  device.device(),
                  device.expected().get(0).channel(),
                  Reading.PATIENCE,
                  any -> true)
              .orElseThrow(() -> new IOException("nothing arrives; " + device.device()))
              .number();
    }
    return mark;
  }

  /** Until what was deployed reads the device; before that, values of the old one may come. */
  private long awaitSwap(Simulated device) throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    Expected right = device.expected().get(0);
    return rig.arrivals()
        .await(
            mark,
            device.device(),
            right.channel(),
            Reading.PATIENCE,
            arrival -> !right.holds(arrival))
        .map(arrival -> arrival.number() - 1)
        .orElse(mark);
  }
}
