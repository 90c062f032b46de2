package io.selvedge.hardware;

import io.selvedge.hardware.gateway.GatewayInVm;
import io.selvedge.hardware.host.Arrivals;
import io.selvedge.hardware.host.Broker;
import io.selvedge.hardware.host.Ports;
import io.selvedge.hardware.vm.MissingException;
import io.selvedge.hardware.vm.Prepared;
import io.selvedge.hardware.vm.ProductImage;
import io.selvedge.hardware.vm.Tools;
import io.selvedge.hardware.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry point of {@code ./selvedge test-hardware}. */
@Command(name = "./selvedge test-hardware", mixinStandardHelpOptions = true, description = "t")
public final class HardwareMain implements Callable<Integer> {

  /** Exit code where this machine lacks something. */
  public static final int SKIPPED = 77;

  @Option(names = "--cache", paramLabel = "DIR", description = "c")
  private @Nullable Path cache;

  @Option(names = "--refresh", description = "r")
  private boolean refresh;

  @Option(names = "--json", paramLabel = "FILE", description = "j")
  private @Nullable Path json;

  public static void main(String[] args) {
    System.exit(new CommandLine(new HardwareMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report(System.out);
    Path source = Path.of(System.getProperty("selvedge.source", "."));
    Path root = source.resolve("target/hardware-test");
    Files.createDirectories(root);
    Path work = Files.createTempDirectory(root, "run-");
    try {
      Tools.require();
      Prepared prepared =
          Prepared.prepare(
              source,
              Optional.ofNullable(cache).orElseGet(Prepared::defaultCache),
              refresh,
              report::step);
      report.step("disk with the gateway");
      Path extra = Files.createDirectories(work.resolve("extra"));
      Path product = ProductImage.make(source, extra, work);
      Path initrd = prepared.initrd(source, work);
      int port = Ports.free();
      try (Broker broker = Broker.start(work);
          Arrivals arrivals = Arrivals.at(broker)) {
        report.step("booting Debian's kernel " + prepared.release());
        try (Vm vm =
            Vm.start(
                prepared,
                initrd,
                product,
                work,
                new Vm.Options(2, 1024, List.of(new Vm.Forward(port, GatewayInVm.PORT)), 0))) {
          report.step("booted");
          GatewayInVm gateway = new GatewayInVm(vm.agent(0), port);
          System.out.println(
              vm.agent(0)
                  .run(
                      "cat /proc/cmdline; date; ls -la /dev/gpiochip* /dev/i2c* /dev/spi* /dev/tty[AS]*; id gateway; cat /sys/bus/w1/devices/28-*/temperature"));
          gateway.configure(
              broker.port(),
              Map.of(
                  "io.selvedge.driver.simulated-office.cfg",
                  "device.id = office\ninterval.ms = 1000\n",
                  "flows/t.flow.yaml",
                  "flow: t\nversion: \"1\"\ninputs:\n  temperature: office/temperature\nupload:\n  measurements: {policy: all, priority: 0}\n"));
          report.step("gateway starts");
          gateway.start();
          report.step("gateway is ready");
          report.check(
              "x",
              () ->
                  arrivals
                      .await(0, "office", "temperature", Duration.ofSeconds(30), a -> true)
                      .orElseThrow()
                      .toString());
          System.out.println(gateway.log(30));
          System.out.println(vm.console());
        }
      }
    } catch (MissingException e) {
      System.out.println("SKIPPED: " + e.getMessage());
      return SKIPPED;
    } finally {
      delete(work);
    }
    report.print();
    if (json != null) {
      report.write(json);
    }
    return report.pass() ? 0 : 1;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
