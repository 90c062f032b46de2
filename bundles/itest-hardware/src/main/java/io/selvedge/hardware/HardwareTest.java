package io.selvedge.hardware;

import io.selvedge.hardware.checks.Altered;
import io.selvedge.hardware.chips.Flows;
import io.selvedge.hardware.chips.Inventory;
import io.selvedge.hardware.chips.Simulated;
import io.selvedge.hardware.gateway.GatewayInVm;
import io.selvedge.hardware.host.Arrivals;
import io.selvedge.hardware.host.Broker;
import io.selvedge.hardware.host.Ports;
import io.selvedge.hardware.host.Receiver;
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

  /** In the machine: a driver with a coefficient that is not the data sheet's. */
  static final String ALTERED = "/product/extra/altered.jar";

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
    Path extra = Files.createDirectories(work.resolve("extra"));
    for (Path jar : inventory.jars("selvedge-driver-mcp9808")) {
      Altered.jar(jar, extra.resolve("altered.jar"), 0.0625, 0.0627);
    }
    Path product = ProductImage.make(source, extra, work);
    Path initrd = prepared.initrd(source, work);
    int port = Ports.free();
    int serial = Ports.free();
    try (Broker broker = Broker.start(work);
        Arrivals arrivals = Arrivals.at(broker)) {
      report.step("boot: Debian's kernel " + prepared.release() + ", under " + prepared.userland());
      double before = report.seconds();
      Vm.Options options =
          new Vm.Options(
              PROCESSORS, MEMORY_MIB, List.of(new Vm.Forward(port, GatewayInVm.PORT)), serial);
      try (Vm vm = Vm.start(prepared, initrd, product, work, options);
          Receiver receiver = Receiver.at(serial)) {
        report.figure("boot", report.seconds() - before, "s");
        GatewayInVm gateway = new GatewayInVm(vm.agent(0), port);
        Rig rig = new Rig(vm, prepared.userland(), gateway, arrivals, inventory.devices());
        report.step("a GPS receiver is on the serial line: " + receiver);
        start(rig, broker);
        new Suite(rig, report).run(inventory, swaps);
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
    rig.gateway().configure(broker.port(), files);
    report.step("gateway: starts as user gateway, in the groups of the shipped rules");
    double before = report.seconds();
    rig.gateway().start(report::step);
    report.figure("gateway ready", report.seconds() - before, "s");
  }
}
