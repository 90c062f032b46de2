package io.selvedge.bench.bus;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.I2cBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Many devices read at an even rate, one thread a bus, as the gateway does it. */
final class Polled {

  private static final int FIRST_ADDRESS = 0x08;

  private Polled() {}

  /** What came of it. */
  record Result(double reads, double cpuPercent, double jitterP99Millis) {}

  /** Reads a register of each of so many devices on each bus, so often a second. */
  static Result run(List<I2cBus> buses, int devices, int hz, int seconds)
      throws IOException, InterruptedException {
    List<List<Long>> late = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    List<BusException> failures = Collections.synchronizedList(new ArrayList<>());
    long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    long cpu = cpuTicks();
    for (I2cBus bus : buses) {
      List<Long> mine = new ArrayList<>();
      late.add(mine);
      Thread thread =
          new Thread(
              () -> {
                try {
                  poll(bus, devices, hz, seconds, begin, mine);
                } catch (BusException e) {
                  failures.add(e);
                }
              },
              "bench-" + bus.name());
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IOException("a read failed", failures.get(0));
    }
    double ticks = cpuTicks() - cpu;
    List<Long> all = new ArrayList<>();
    late.forEach(all::addAll);
    Collections.sort(all);
    return new Result(
        all.size() / (double) seconds, ticks / seconds, all.get(all.size() * 99 / 100) / 1e6);
  }

  /** Devices are due one after the other, spread over the interval. */
  private static void poll(
      I2cBus bus, int devices, int hz, int seconds, long begin, List<Long> late)
      throws BusException {
    long step = TimeUnit.SECONDS.toNanos(1) / hz / devices;
    for (int i = 0; i < devices * hz * seconds; i++) {
      long due = begin + i * step;
      long left = due - System.nanoTime();
      while (left > 0) {
        LockSupport.parkNanos(left);
        left = due - System.nanoTime();
      }
      late.add(System.nanoTime() - due);
      byte[] unused = bus.readRegister(FIRST_ADDRESS + i % devices, 0, 2);
    }
  }

  /** Of this process, in hundredths of a second. */
  private static long cpuTicks() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
