package io.selvedge.mqtt;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A gateway in a network of its own, and a broker in another, which is away for some seconds while
 * a message is under way: for {@link LongBreakTest}, in a process of its own.
 */
final class LongBreak {

  /** TCP has sent it again some 3 and 6.5 s after the break began, and will some 13 s after it. */
  private static final long AWAY_MILLIS = 7000;

  private LongBreak() {}

  /**
   * Says how long after the network's return the broker had acknowledged the message.
   *
   * @param args a directory; the process in whose network the broker is; its address; its device
   */
  public static void main(String[] args) throws Exception {
    try (TestGateway gateway =
        new TestGateway(Path.of(args[0]), "tcp://" + args[2] + ":1883").start()) {
      gateway.awaitConnected();
      gateway.send(1, 10);
      TestGateway.await("first message", () -> gateway.uplink().status().delivered() == 1);
      network("del", args);
      gateway.send(2, 10);
      TestGateway.pause(AWAY_MILLIS);
      network("add", args);
      long since = System.nanoTime();
      TestGateway.await("second message", () -> gateway.uplink().status().delivered() == 2);
      System.out.println("after " + (System.nanoTime() - since) / 1_000_000 + " ms");
      gateway.events.forEach(event -> System.out.println(event.code() + " " + event.message()));
    }
    System.exit(0);
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
