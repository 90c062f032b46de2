package io.selvedge.bench.bus;

import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.i2c.I2C;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.bus.pi4j.linux.LinuxBuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The side of {@code bench bus} that runs in the virtual machine, as the gateway's user: prints
 * lines NAME=VALUE. Arguments: program in C, number of the I2C bus hwsim-0, device of the GPIO
 * chip, file in which it asks for edges, rounds.
 */
final class InVm {

  private static final int ADDRESS = 0x76;
  private static final int REGISTER = 0xd0;
  private static final int WARM_UP = 20_000;
  private static final int READS = 3000;
  private static final int SETS = 20_000;
  private static final int EDGES = 300;
  private static final long QUIET_NANOS = 10_000_000_000L;
  private static final int INPUT = 4;
  private static final int OUTPUT = 17;
  private static final long IDLE_MILLIS = 5000;
  private static final int DEVICES = 25;
  private static final int HZ = 10;
  private static final int SECONDS = 10;

  private final LinuxBuses buses = new LinuxBuses();
  private final Yardstick c;
  private final String i2c;
  private final String chip;
  private final Path ask;
  private final int rounds;

  private InVm(String[] arguments) {
    c = new Yardstick(arguments[0]);
    i2c = arguments[1];
    chip = arguments[2];
    ask = Path.of(arguments[3]);
    rounds = Integer.parseInt(arguments[4]);
  }

  public static void main(String[] arguments) throws Exception {
    InVm bench = new InVm(arguments);
    try (Pi4jPlugins pi4j = new Pi4jPlugins()) {
      bench.registers(pi4j);
      bench.outputs(pi4j);
    }
    bench.edges();
    bench.idle();
    bench.many();
  }

  private static void tell(String name, double value) {
    System.out.println(name + "=" + String.format(Locale.ROOT, "%.4f", value));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** One thing that is done again and again. */
  private interface Operation {
    void run() throws Exception;
  }

  private static double nanos(int count, Operation operation) throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      operation.run();
    }
    return (System.nanoTime() - begun) / (double) count;
  }

  private void registers(Pi4jPlugins pi4j) throws Exception {
    I2cBus bus = buses.i2c("hwsim-0");
    I2C other = pi4j.i2c(Integer.parseInt(i2c), ADDRESS);
    Operation ours = () -> bus.readRegister(ADDRESS, REGISTER, 1);
    Operation theirs = () -> other.readRegister(REGISTER);
    nanos(WARM_UP, ours);
    nanos(WARM_UP, theirs);
    List<Double> ratios = new ArrayList<>();
    List<Double> plugins = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      String count = Integer.toString(READS);
      double yard = c.nanos("i2c", "/dev/i2c-" + i2c, "" + ADDRESS, "" + REGISTER, count);
      ratios.add(yard / nanos(READS, ours));
      plugins.add(yard / nanos(READS, theirs));
      rates.add(1e9 / yard);
    }
    tell("i2c.c", median(rates));
    tell("i2c.ours", median(ratios));
    tell("i2c.pi4j", median(plugins));
  }

  private void outputs(Pi4jPlugins pi4j) throws Exception {
    List<Double> yards = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> plugins = new ArrayList<>();
    boolean[] on = new boolean[1];
    for (int round = 0; round < rounds; round++) {
      double yard = c.nanos("set", chip, "" + OUTPUT, "" + SETS);
      yards.add(yard);
      try (GpioOutput output = buses.gpio("pinctrl-sim").output(OUTPUT, OutputOptions.plain())) {
        ratios.add(
            nanos(
                    SETS,
                    () -> {
                      on[0] = !on[0];
                      output.set(on[0]);
                    })
                / yard);
      }
    }
    DigitalOutput other = pi4j.output(OUTPUT);
    nanos(SETS, other::toggle);
    for (int round = 0; round < rounds; round++) {
      plugins.add(nanos(SETS, other::toggle) / yards.get(round));
    }
    tell("set.c", median(yards) / 1000);
    tell("set.ours", median(ratios.subList(1, ratios.size())));
    tell("set.pi4j", median(plugins));
  }

  /** Asks the other side to move the line so often. */
  private void wantEdges() {
    try {
      Files.writeString(ask, EDGES + "\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void edges() throws Exception {
    List<Double> yards = new ArrayList<>();
    List<Double> mine = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double yard = c.nanos(this::wantEdges, "edges", chip, "" + INPUT, "" + EDGES);
      double ours = ourEdges();
      if (round > 0) { // the first one warms up
        yards.add(yard);
        mine.add(ours);
      }
    }
    tell("edge.c", median(yards) / 1000);
    tell("edge.ours", median(mine) / 1000);
  }

  /** Told by the bus, a thread of another is woken, and takes the edges: as a device's bus does. */
  private double ourEdges() throws Exception {
    Thread reader = Thread.currentThread();
    List<Double> late = new ArrayList<>();
    try (GpioInput input = buses.gpio("pinctrl-sim").input(INPUT, InputOptions.bothEdges())) {
      input.onEdge(() -> LockSupport.unpark(reader));
      input.drain();
      wantEdges();
      long last = System.nanoTime();
      while (late.size() < EDGES && System.nanoTime() - last < QUIET_NANOS) {
        for (Edge edge : input.drain()) {
          last = System.nanoTime();
          late.add((double) (last - edge.nanos()));
        }
        if (late.size() < EDGES) {
          LockSupport.parkNanos(QUIET_NANOS);
        }
      }
    }
    if (late.size() < EDGES * 9 / 10) { // the simulator may merge two
      throw new IOException("of [" + EDGES + "] edges [" + late.size() + "] came");
    }
    return median(late);
  }

  private void idle() throws Exception {
    List<GpioInput> inputs = new ArrayList<>();
    for (int line = 0; line < 4; line++) {
      GpioInput input = buses.gpio("pinctrl-sim").input(line, InputOptions.bothEdges());
      input.onEdge(() -> {});
      input.drain();
      inputs.add(input);
    }
    Thread.sleep(1000);
    long before = wakeUps();
    Thread.sleep(IDLE_MILLIS);
    tell("idle", (wakeUps() - before) * 1000.0 / IDLE_MILLIS);
    inputs.forEach(GpioInput::close);
  }

  /** How often the threads of the buses gave up the processor, that is, had been woken. */
  private static long wakeUps() throws IOException {
    long sum = 0;
    int threads = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        if (comm(task).startsWith("selvedge-bus")) {
          threads++;
          sum +=
              Files.readAllLines(task.resolve("status")).stream()
                  .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                  .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                  .sum();
        }
      }
    }
    if (threads == 0) {
      throw new IOException("no thread of the buses is there; what is measured?");
    }
    return sum;
  }

  /** A thread's name; empty where it has ended. */
  private static String comm(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private void many() throws Exception {
    List<I2cBus> all = new ArrayList<>();
    for (int bus = 0; bus < 4; bus++) {
      all.add(buses.i2c("hwsim-" + bus));
    }
    Polled.run(all, DEVICES, HZ, 3);
    Polled.Result result = Polled.run(all, DEVICES, HZ, SECONDS);
    tell("many.reads", result.reads());
    tell("many.cpu", result.cpuPercent());
    tell("many.jitter", result.jitterP99Millis());
  }
}
