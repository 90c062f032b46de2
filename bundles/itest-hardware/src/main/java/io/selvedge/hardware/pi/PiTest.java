package io.selvedge.hardware.pi;

import io.selvedge.api.device.Value;
import io.selvedge.hardware.Report;
import io.selvedge.hardware.chips.Expected;
import io.selvedge.hardware.host.Arrivals;
import io.selvedge.hardware.host.Arrivals.Arrival;
import io.selvedge.hardware.host.Broker;
import io.selvedge.hardware.vm.Prepared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The gateway as it is shipped on a Raspberry Pi 3B: what Pi4J takes it for, and a sensor by the
 * kernel's own driver of its I2C controller, through our driver and through Pi4J.
 */
public final class PiTest {

  /** For the kernel, Java and the gateway, on a machine that others keep busy. */
  private static final Duration FIRST = Duration.ofMinutes(12);

  private static final Duration NEXT = Duration.ofMinutes(2);

  private static final Duration SHORT = Duration.ofSeconds(10);

  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "gateway.properties",
          "gateway.id=pi\n",
          "io.selvedge.mqtt.cfg",
          "broker = tcp://127.0.0.1:1883\n",
          "io.selvedge.driver.tmp102-header.cfg",
          "device.id = sensor\nbus = bcm2835 (i2c@7e804000)\naddress = 0x48\nbits = 9\n",
          "flows/pi.flow.yaml",
          """
          flow: pi
          version: "1"
          inputs:
            sensor: sensor/temperature
            board: board/temperature
            model: board/model
          upload:
            measurements: {policy: all, priority: 0}
          """);

  /** By name: what it is made of is in the gateway, not here. */
  private static final String DRIVER = "io.selvedge.hardware.inside.BoardActivator";

  private final Path source;
  private final Path work;
  private final Report report;
  private final Path cache;

  /**
   * @param work an empty directory
   */
  public PiTest(Path source, Path work, Report report, Path cache) {
    this.source = source;
    this.work = work;
    this.report = report;
    this.cache = cache;
  }

  /**
   * Runs it.
   *
   * @throws io.selvedge.hardware.vm.MissingException where there is no QEMU that has such a board
   */
  public void run(Prepared prepared) throws IOException, InterruptedException {
    Qemu qemu = Qemu.find(source, cache, report::step);
    report.step("first root with the gateway");
    Path initrd = PiMachine.initrd(prepared, source, work, CONFIGURATION, board());
    try (Broker broker = Broker.start(work);
        Arrivals arrivals = Arrivals.at(broker);
        SerialLine line = new SerialLine(broker.port(), report::step)) {
      report.step("boot: Debian's kernel " + prepared.release() + " on a Raspberry Pi 3B");
      try (PiMachine machine = PiMachine.start(qemu, prepared, initrd, work, line.port())) {
        machine.temperature(25.5);
        check(machine, arrivals, line);
      }
    }
  }

  private void check(PiMachine machine, Arrivals arrivals, SerialLine line)
      throws InterruptedException {
    double begun = report.seconds();
    boolean arrived =
        report.check(
            "a TMP105 behind the BCM2835's I2C is read, and arrives at the broker",
            () -> temperature(machine, arrivals, "sensor", 25.5, FIRST));
    report.figure("boot to the first value at the broker", report.seconds() - begun, "s");
    if (!arrived) {
      report.step("its console said:\n" + line.console());
      return;
    }
    report.check(
        "the kernel names its three I2C controllers",
        () -> said(line, "I2C adapter [bcm2835 (i2c@7e804000)]"));
    report.check(
        "the gateway is an ordinary user, in the groups of the shipped rules",
        () -> said(line, "gateway starts as [1000 "));
    report.check("Pi4J detects the board", () -> model(arrivals));
    report.check(
        "a driver against Pi4J reads it, too",
        () -> temperature(machine, arrivals, "board", 25.5, NEXT));
    machineAt(machine, -10.5);
    report.check(
        "what it feels next arrives, below zero",
        () ->
            temperature(machine, arrivals, "sensor", -10.5, NEXT)
                + ", "
                + temperature(machine, arrivals, "board", -10.5, NEXT));
    report.check(
        "control: the temperature of before is found out",
        () -> {
          Predicate<Arrival> before = new Expected("temperature", 25.5, 0)::holds;
          long mark = arrivals.mark();
          if (arrivals.await(mark, "sensor", "temperature", SHORT, before).isPresent()) {
            throw new IOException("what it felt before was told again");
          }
          return "found: not within " + SHORT;
        });
  }

  private static void machineAt(PiMachine machine, double celsius) throws InterruptedException {
    try {
      machine.temperature(celsius);
    } catch (IOException e) {
      throw new IllegalStateException("QEMU's monitor does not answer", e);
    }
  }

  private static String temperature(
      PiMachine machine, Arrivals arrivals, String device, double celsius, Duration patience)
      throws IOException, InterruptedException {
    Expected expected = new Expected("temperature", celsius, 0);
    Optional<Arrival> arrival = arrivals.await(0, device, "temperature", patience, expected::holds);
    if (arrival.isEmpty()) {
      throw new IOException(
          "["
              + expected
              + "] did not arrive within ["
              + patience
              + "]; the last was "
              + arrivals.latest(device, "temperature")
              + (machine.isAlive() ? "" : "; the machine has ended"));
    }
    return device + "/" + expected;
  }

  private static String model(Arrivals arrivals) throws IOException, InterruptedException {
    Value wanted = Value.of("MODEL_3_B");
    Optional<Arrival> arrival =
        arrivals.await(0, "board", "model", NEXT, one -> one.value().equals(wanted));
    return arrival
        .map(one -> one.value().display())
        .orElseThrow(
            () ->
                new IOException(
                    "[" + wanted + "] wanted, told was " + arrivals.latest("board", "model")));
  }

  private static String said(SerialLine line, String wanted) throws IOException {
    if (!line.console().contains(wanted)) {
      throw new IOException("[" + wanted + "] is not in its console: " + line.console());
    }
    return "";
  }

  /** The bundle with the driver against Pi4J. */
  private static byte[] board() throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "io.selvedge.hardware.board");
    main.putValue("Bundle-Version", "1.0.0");
    main.putValue("Bundle-Activator", DRIVER);
    main.putValue(
        "Import-Package",
        "com.pi4j.boardinfo.definition,com.pi4j.boardinfo.model,com.pi4j.config,com.pi4j.context,"
            + "com.pi4j.io,com.pi4j.io.i2c,io.selvedge.api.device,org.osgi.framework");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String name = DRIVER.replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(bytes, manifest);
        InputStream in = PiTest.class.getResourceAsStream('/' + name)) {
      if (in == null) {
        throw new IOException("class [" + name + "] is not on the class path");
      }
      out.putNextEntry(new JarEntry(name));
      in.transferTo(out);
      out.closeEntry();
    }
    return bytes.toByteArray();
  }
}
