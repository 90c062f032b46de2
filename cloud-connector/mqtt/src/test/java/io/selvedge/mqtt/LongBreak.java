package io.selvedge.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A gateway in a network of its own, and a broker in another, which is away for some seconds while
 * messages are sent: for {@link LongBreakTest}, in a process of its own.
 */
final class LongBreak {

  private static final long SEND_EVERY_MILLIS = 500;

  private static final List<Path> CONNECTIONS =
      List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
  private static final String ESTABLISHED = "01";
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int TIMER = 5;
  private static final int TICK_MILLIS = 10; // USER_HZ, on all of ours

  private LongBreak() {}

  /**
   * Says of each break how long after the network's return the broker had acknowledged something. A
   * break ends where the kernel would not send again by itself for long yet: how soon it would is a
   * matter of luck otherwise, and of the machine.
   *
   * @param args a directory; the process in whose network the broker is; its address; its device;
   *     how many seconds the breaks last at least, with commas between
   */
  public static void main(String[] args) throws Exception {
    try (TestGateway gateway =
        new TestGateway(Path.of(args[0]), "tcp://" + args[2] + ":1883").start()) {
      gateway.awaitConnected();
      int number = 0;
      for (String seconds : args[4].split(",", -1)) {
        gateway.send(number++, 10);
        TestGateway.await("all", () -> gateway.uplink().status().pending() == 0);
        long before = gateway.uplink().status().delivered();
        network("del", args);
        long length = Integer.parseInt(seconds) * 1000L;
        long end = System.nanoTime() + length * 1_000_000;
        while (System.nanoTime() < end || millisToNextTry() < length * 3 / 5) {
          gateway.send(number++, 10);
          TestGateway.pause(Math.max(50, Math.min(SEND_EVERY_MILLIS, millisTo(end))));
        }
        long kernel = millisToNextTry();
        network("add", args);
        long since = System.nanoTime();
        TestGateway.await("data", () -> gateway.uplink().status().delivered() > before);
        System.out.println(
            "%s s away, the kernel tries again in %d ms, data after %d ms"
                .formatted(seconds, kernel, -millisTo(since)));
      }
      gateway.events.forEach(event -> System.out.println(event.code() + " " + event.message()));
    }
    System.exit(0);
  }

  /**
   * How long until the kernel sends again what was not acknowledged, as proc(5) and the kernel's
   * {@code proc_net_tcp} tell it of the one connection that is established here; 0 without one.
   */
  private static long millisToNextTry() throws IOException {
    for (Path file : CONNECTIONS) {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields[STATE].equals(ESTABLISHED) && fields[REMOTE].endsWith(":075B")) { // 1883
          return Long.parseLong(fields[TIMER].substring("01:".length()), 16) * TICK_MILLIS;
        }
      }
    }
    return 0;
  }

  private static long millisTo(long nanos) {
    return (nanos - System.nanoTime()) / 1_000_000;
  }

  /** Where the broker has no address what is sent there vanishes; connections stay. */
  private static void network(String how, String[] args) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder(
                "nsenter", "-t", args[1], "-n", "ip", "addr", how, args[2] + "/24", "dev", args[3])
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("ip ended with [" + code + "]");
    }
  }
}
