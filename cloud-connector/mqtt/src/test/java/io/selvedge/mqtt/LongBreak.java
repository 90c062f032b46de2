package io.selvedge.mqtt;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A gateway in a network of its own, and a broker in another, which is away for some seconds while
 * messages are sent: for {@link LongBreakTest}, in a process of its own.
 */
final class LongBreak {

  private static final long SEND_EVERY_MILLIS = 500;

  private LongBreak() {}

  /**
   * Says of each break how long after the network's return the broker had acknowledged something.
   *
   * @param args a directory; the process in whose network the broker is; its address; its device;
   *     how many seconds the breaks last, with commas between
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
        long end = System.nanoTime() + Integer.parseInt(seconds) * 1_000_000_000L;
        while (System.nanoTime() < end) {
          gateway.send(number++, 10);
          TestGateway.pause(Math.max(1, Math.min(SEND_EVERY_MILLIS, millisTo(end))));
        }
        network("add", args);
        long since = System.nanoTime();
        TestGateway.await("data", () -> gateway.uplink().status().delivered() > before);
        System.out.println(seconds + " s away, data after " + -millisTo(since) + " ms");
      }
      gateway.events.forEach(event -> System.out.println(event.code() + " " + event.message()));
    }
    System.exit(0);
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
