package io.selvedge.hardware;

import io.selvedge.hardware.checks.Commands;
import io.selvedge.hardware.checks.Faults;
import io.selvedge.hardware.checks.Must;
import io.selvedge.hardware.checks.Reading;
import io.selvedge.hardware.checks.Swaps;
import io.selvedge.hardware.checks.Swaps.Swapped;
import io.selvedge.hardware.chips.Expected;
import io.selvedge.hardware.chips.Flows;
import io.selvedge.hardware.chips.Inventory;
import io.selvedge.hardware.chips.Simulated;
import io.selvedge.hardware.gateway.GatewayInVm;
import io.selvedge.hardware.host.Arrivals;
import io.selvedge.hardware.host.Broker;
import io.selvedge.hardware.host.Ports;
import io.selvedge.hardware.vm.Prepared;
import io.selvedge.hardware.vm.ProductImage;
import io.selvedge.hardware.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The test: boots the machine, connects the chips, starts the gateway, checks. */
final class HardwareTest {

  private static final int PROCESSORS = 2;
  private static final int MEMORY_MIB = 1024;

  private final Path source;
  private final Path work;
  private final Report report;
  private final int swaps;

  HardwareTest(Path source, Path work, Report report, int swaps) {
    this.source = source;
    this.work = work;
    this.report = report;
    this.swaps = swaps;
  }

  void run(Prepared prepared) throws Exception {
    Inventory inventory = Inventory.of(source);
    report.step("disk with the gateway");
    Path product = ProductImage.make(source, Files.createDirectories(work.resolve("extra")), work);
    Path initrd = prepared.initrd(source, work);
    int port = Ports.free();
    try (Broker broker = Broker.start(work);
        Arrivals arrivals = Arrivals.at(broker)) {
      report.step("boot: Debian's kernel " + prepared.release() + " on aarch64");
      double before = report.seconds();
      Vm.Options options =
          new Vm.Options(
              PROCESSORS, MEMORY_MIB, List.of(new Vm.Forward(port, GatewayInVm.PORT)), 0);
      try (Vm vm = Vm.start(prepared, initrd, product, work, options)) {
        report.figure("boot", report.seconds() - before, "s");
        Rig rig = new Rig(vm, new GatewayInVm(vm.agent(0), port), arrivals, inventory.devices());
        start(rig, broker);
        check(rig, inventory);
        report.figure("values at the broker", arrivals.count(), "");
      }
    }
  }

  private void start(Rig rig, Broker broker) throws IOException, InterruptedException {
    report.step("chips: " + rig.devices().size() + " devices");
    for (Simulated device : rig.devices()) {
      for (String command : device.image()) {
        rig.agent().run(command);
      }
    }
    Map<String, String> files = new HashMap<>(Flows.sendingAll(rig.devices()));
    rig.devices().forEach(device -> files.put(device.file(), device.configuration()));
    files.put("io.selvedge.driver.simulated-office.cfg", "device.id = office\ninterval.ms = 500\n");
    files.put("flows/office.flow.yaml", OFFICE);
    rig.gateway().configure(broker.port(), files);
    report.step("gateway: starts as user gateway, in the groups of the shipped rules");
    double before = report.seconds();
    rig.gateway().start();
    report.figure("gateway ready", report.seconds() - before, "s");
  }

  private static final String OFFICE =
      """
      flow: office
      version: "1"
      inputs:
        temperature: office/temperature
        fan: office/fan
      upload:
        measurements: {policy: all, priority: 0}
      """;

  private void check(Rig rig, Inventory inventory) throws InterruptedException {
    report.check(
        "the gateway's process belongs to an unprivileged user",
        () -> {
          String user =
              rig.agent()
                  .run(
                      "grep -E '^(Uid|CapEff|Groups)' /proc/"
                          + rig.gateway().pid()
                          + "/status | tr -s '\\t\\n' ' '");
          if (!user.contains("Uid: 1000 1000 1000 1000")
              || !user.contains("CapEff: 0000000000000000")) {
            throw new IOException("it runs as [" + user + "]");
          }
          return user;
        });
    if (!inventory.untested().isEmpty()) {
      report.step("drivers without a device here: " + inventory.untested());
    }
    for (Simulated device : rig.devices()) {
      report.check(device.device() + ": its value arrives", () -> Reading.check(rig, device, 0));
    }
    for (Simulated device : rig.devices()) {
      for (Simulated.Fault fault : device.faults()) {
        report.check(
            device.device() + ": " + fault.what() + ", and mended",
            () -> Faults.check(rig, device, fault));
      }
    }
    report.check(
        "a command by REST reaches a device",
        () -> Commands.switchAndSee(rig, "office", "fan", true));
    Swaps swapping = new Swaps(rig);
    report.check(
        "drivers swapped",
        () ->
            swapping.check(
                swaps,
                List.of(new Swapped("selvedge-driver-simulated", "office")),
                round -> Commands.switchAndSee(rig, "office", "fan", round % 2 == 0)));
    report.figure("one swap with its probe, median", swapping.median(), "s");
    report.check(
        "control: a value that is not there is found missing",
        () ->
            Must.fail(
                () -> {
                  Simulated machine = rig.device("machine").get(0);
                  return Reading.check(
                      rig,
                      new Simulated(
                          machine.bundle(),
                          machine.device(),
                          machine.pid(),
                          List.of(),
                          List.of(),
                          List.of(new Expected("uptime", -5, 1)),
                          List.of()),
                      0);
                }));
  }
}
