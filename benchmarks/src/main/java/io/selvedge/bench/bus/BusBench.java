package io.selvedge.bench.bus;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.UsageException;
import io.selvedge.hardware.gateway.GatewayInVm;
import io.selvedge.hardware.host.Broker;
import io.selvedge.hardware.host.Ports;
import io.selvedge.hardware.vm.Agent;
import io.selvedge.hardware.vm.MissingException;
import io.selvedge.hardware.vm.Prepared;
import io.selvedge.hardware.vm.Processes;
import io.selvedge.hardware.vm.ProductImage;
import io.selvedge.hardware.vm.Tools;
import io.selvedge.hardware.vm.Userland;
import io.selvedge.hardware.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./selvedge bench bus}. */
@Command(
    name = "bus",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The bus provider beside a program in C and Pi4J's own plugins, in the virtual machine of"
          + " ./selvedge test-hardware, with I2C buses of 400 kHz; then the shipped gateway there."
          + " 5 minutes."
    })
public final class BusBench extends Bench {

  private static final List<String> LIBRARIES =
      List.of("selvedge-bus-pi4j", "selvedge-api", "jna-", "pi4j-", "slf4j-", "org.osgi.");

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Cache of the virtual machine, as of ./selvedge test-hardware.")
  private @Nullable Path cache;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Slices of each measurement, C and ours in turns; the median of their ratios counts."
              + " Default: ${DEFAULT-VALUE}")
  private int rounds = 40;

  @Override
  protected void measure(Path work, Figures figures) throws Exception {
    if (rounds < 6) {
      throw new UsageException("--rounds [" + rounds + "] must be at least 6");
    }
    Map<String, Double> told = new HashMap<>();
    try {
      Tools.require();
      Prepared prepared =
          Prepared.prepare(
              source(),
              Optional.ofNullable(cache).orElseGet(Prepared::defaultCache),
              Userland.arm64,
              false,
              figures::progress);
      Path extra = programs(work, prepared);
      Path product = ProductImage.make(source(), extra, work);
      Path initrd = prepared.initrd(source(), work);
      figures.progress("booting Debian's kernel " + prepared.release());
      int port = Ports.free();
      Vm.Options options =
          new Vm.Options(2, 1024, List.of(new Vm.Forward(port, GatewayInVm.PORT)), 0);
      try (Broker broker = Broker.start(work);
          Vm vm = Vm.start(prepared, initrd, product, work, options)) {
        String chip = chips(vm.agent(0));
        run(vm.agent(0), chip, figures, told);
        tell(figures, told);
        figures.progress("starting the gateway in the machine");
        InGateway gateway = new InGateway(vm.agent(0), new GatewayInVm(vm.agent(0), port), figures);
        gateway.start(broker.port());
        gateway.edges(chip, rounds / 2);
        gateway.many();
      }
    } catch (MissingException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The program in C, the gateway's bundles, and the class path, as they are laid on the machine's
   * disk.
   */
  private Path programs(Path work, Prepared prepared) throws IOException, InterruptedException {
    Path extra = work.resolve("extra");
    Files.createDirectories(extra.resolve("lib"));
    Path sysroot = prepared.home().resolve("sysroot");
    Processes.run(
        List.of(
            Tools.path("aarch64-linux-gnu-gcc"),
            "-O2",
            "-static",
            "--sysroot=" + sysroot,
            "-isystem",
            sysroot.resolve("usr/include/aarch64-linux-gnu").toString(),
            "-o",
            extra.resolve("bus").toString(),
            source().resolve("benchmarks/src/main/c/bus.c").toString()),
        line -> {});
    Path target = source().resolve("benchmarks/target");
    try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
      for (Path jar : jars.toList()) {
        String name = String.valueOf(jar.getFileName());
        if (LIBRARIES.stream().anyMatch(name::startsWith)) {
          Files.copy(jar, extra.resolve("lib").resolve(name));
        }
      }
    }
    Path classes = Files.createDirectories(extra.resolve("classes/io/selvedge/bench/bus"));
    try (Stream<Path> all = Files.list(target.resolve("classes/io/selvedge/bench/bus"))) {
      for (Path one : all.toList()) {
        Files.copy(one, classes.resolve(one.getFileName()));
      }
    }
    InGateway.bundles(extra);
    return extra;
  }

  /** Connects the simulated chips; returns the device of the GPIO chip. */
  private static String chips(Agent agent) throws IOException {
    for (int bus = 0; bus < 4; bus++) {
      for (int address = 0x08; address < 0x08 + 25; address++) {
        agent.run("i2c " + bus + " add '" + address + " reg16'");
      }
    }
    agent.run("i2c 0 add '0x76 reg8'; i2c 0 poke '0x76 0xd0 60'");
    agent.run("echo 400 >/sys/module/hwsim_i2c/parameters/khz");
    agent.run("line 4 pull pull-down; line 5 pull pull-down");
    agent.run("mkdir -m 777 /run/bench; mkfifo -m 666 /run/bench/ask");
    // Moves the line when asked to; each time after the one before has been taken.
    agent.run("sh /product/vm/edges.sh /run/bench/ask >/dev/null 2>&1 &");
    return agent.run("echo /dev/$(cat $header/bank0/chip_name)");
  }

  private void run(Agent agent, String chip, Figures figures, Map<String, Double> told)
      throws IOException {
    String number =
        agent.run(
            "cd /sys/bus/i2c/devices; for a in i2c-*; do [ $(cat $a/name) != hwsim-0 ] || echo ${a#i2c-}; done");
    figures.progress("measuring, as the gateway's user, with the gateway's options for Java");
    String output =
        agent.run(
            "su -s /bin/sh gateway -c '/usr/lib/jvm/default/bin/java -Xms32m -Xmx256m"
                + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
                + " -cp \"/product/extra/classes:/product/extra/lib/*\""
                + " io.selvedge.bench.bus.InVm /product/extra/bus "
                + number
                + " "
                + chip
                + " /run/bench/ask "
                + rounds
                + "'");
    for (String line : output.split("\n", -1)) {
      int at = line.indexOf('=');
      if (line.matches("[a-z0-9.]+=[-0-9.]+")) {
        told.put(line.substring(0, at), Double.parseDouble(line.substring(at + 1)));
      } else {
        figures.progress(line);
      }
    }
  }

  private void tell(Figures figures, Map<String, Double> told) throws IOException {
    String median = "in turns, median of " + rounds + " slices";
    figures.tell("I2C register read, C", 1e6 / get(told, "i2c.c"), "/s", "400 kHz simulated");
    figures.require(
        "I2C register read, rate / C", 1 / get(told, "i2c.ours"), "", Limit.atLeast(0.85), median);
    figures.tell(
        "I2C register read, rate / C, Pi4J's plugin", 1 / get(told, "i2c.pi4j"), "", median);
    figures.tell("GPIO set, C", get(told, "set.c"), "us", "");
    figures.tell("GPIO set, time / C", get(told, "set.ours"), "", median);
    figures.tell("GPIO set, time / C, Pi4J's plugin", get(told, "set.pi4j"), "", median);
    figures.tell("edge to poll loop in C", get(told, "edge.c"), "us", "from the kernel's time");
    figures.tell(
        "edge to a thread that the provider wakes / C",
        get(told, "edge.ours"),
        "",
        "in turns, median of " + (rounds / 2 - 2) + " slices");
    figures.require(
        "idle wake-ups", get(told, "idle"), "/s", Limit.atMost(0), "four inputs, five seconds");
    String many = "100 devices at 10 Hz, provider alone: ";
    figures.tell(many + "reads", get(told, "many.reads"), "/s", "four buses, a thread each");
    figures.tell(many + "processor", get(told, "many.cpu"), "% of one", "emulated");
    figures.tell(many + "late, p99", get(told, "many.jitter"), "ms", "");
  }

  private static double get(Map<String, Double> told, String name) throws IOException {
    return Optional.ofNullable(told.get(name))
        .orElseThrow(() -> new IOException("[" + name + "] was not measured; told: " + told));
  }
}
