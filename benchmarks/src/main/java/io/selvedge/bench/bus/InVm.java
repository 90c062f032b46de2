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
  private static final int WARM_UP = 10_000;
  private static final int READS = 250;
  private static final int SETS = 2000;
  private static final int EDGES = 30;
  private static final long QUIET_NANOS = 2_000_000_000L;
  private static final int INPUT = 4;
  private static final int OUTPUT = 17;
  private static final int OUTPUT_OF_C = 18;
  private static final int OUTPUT_OF_PI4J = 19;
  private static final long IDLE_MILLIS = 5000;
  private static final int DEVICES = 25;
  private static final int HZ = 10;
  private static final int SECONDS = 10;

  private final LinuxBuses buses = new LinuxBuses();
  private final String program;
  private final String i2c;
  private final String chip;
  private final Path ask;
  private final int rounds;

  private InVm(String[] arguments) {
    program = arguments[0];
    i2c = arguments[1];
    chip = arguments[2];
    ask = Path.of(arguments[3]);
    rounds = Integer.parseInt(arguments[4]);
  }

  public static void main(String[] arguments) throws Exception {
    InVm bench = new InVm(arguments);
    List<String> served =
        List.of("/dev/i2c-" + bench.i2c, "" + ADDRESS, "" + REGISTER, bench.chip, "" + OUTPUT_OF_C);
    try (Pi4jPlugins pi4j = new Pi4jPlugins();
        Yardstick c = new Yardstick(bench.program, served)) {
      bench.registers(c, pi4j);
      bench.outputs(c, pi4j);
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

  /** C, we and Pi4J's plugin in turns, in slices so short that what else runs hits all alike. */
  private void inTurns(String what, int count, Yardstick c, Operation ours, Operation theirs)
      throws Exception {
    nanos(WARM_UP, ours);
    nanos(WARM_UP, theirs);
    List<Double> yards = new ArrayList<>();
    List<Double> mine = new ArrayList<>();
    List<Double> plugins = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      double yard = c.nanos(what, count);
      yards.add(yard);
      mine.add(nanos(count, ours) / yard);
      plugins.add(nanos(count, theirs) / yard);
    }
    tell(what + ".c", median(yards) / 1000);
    tell(what + ".ours", median(mine));
    tell(what + ".pi4j", median(plugins));
  }

  private void registers(Yardstick c, Pi4jPlugins pi4j) throws Exception {
    I2cBus bus = buses.i2c("hwsim-0");
    I2C other = pi4j.i2c(Integer.parseInt(i2c), ADDRESS);
    inTurns(
        "i2c",
        READS,
        c,
        () -> bus.readRegister(ADDRESS, REGISTER, 1),
        () -> other.readRegister(REGISTER));
  }

  private void outputs(Yardstick c, Pi4jPlugins pi4j) throws Exception {
    boolean[] on = new boolean[1];
    DigitalOutput other = pi4j.output(OUTPUT_OF_PI4J);
    try (GpioOutput output = buses.gpio("pinctrl-sim").output(OUTPUT, OutputOptions.plain())) {
      Operation ours =
          () -> {
            on[0] = !on[0];
            output.set(on[0]);
          };
      inTurns("set", SETS, c, ours, other::toggle);
    }
  }

  /** Asks the other side to move the line so often. */
  private void wantEdges() {
    try {
      Files.writeString(ask, INPUT + " " + EDGES + "\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void edges() throws Exception {
    List<String> command = List.of(program, "edges", chip, "" + INPUT, "" + EDGES);
    List<Double> yards = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds / 2; round++) {
      double yard = Yardstick.edges(command, this::wantEdges);
      double ours = ourEdges();
      if (round > 1) { // the first ones warm up
        yards.add(yard);
        ratios.add(ours / yard);
      }
    }
    tell("edge.c", median(yards) / 1000);
    tell("edge.ours", median(ratios));
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
          if (edge.sequence() != late.size()) {
            throw new IOException(
                "edge [" + late.size() + "] has number [" + edge.sequence() + "]");
          }
        }
        if (late.size() < EDGES) {
          LockSupport.parkNanos(QUIET_NANOS);
        }
      }
    }
    if (late.size() < EDGES / 2) { // the simulator may merge two where the machine is busy
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
