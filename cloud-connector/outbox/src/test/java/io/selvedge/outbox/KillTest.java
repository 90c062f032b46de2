package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends and delivers is killed with SIGKILL, again and again. This process is the
 * oracle: it notes what the other one was told was accepted, and what it delivered.
 */
class KillTest {

  private static final int ROUNDS = 6;
  private static final int MOST = 10_000_000;

  @TempDir Path directory = Path.of("."); // set before each test

  private final BitSet accepted = new BitSet();
  private final BitSet delivered = new BitSet();
  private int next;

  private static OutboxOptions options() {
    return OutboxOptions.defaults()
        .withSegmentSize(256 * 1024)
        .withCommitInterval(Duration.ofMillis(2))
        .withStateInterval(Duration.ofMillis(50));
  }

  /** The process that is killed: numbers from the first argument on, as fast as they go. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    SegmentOutbox outbox = SegmentOutbox.open(Path.of(arguments[0]), options());
    Thread reader = new Thread(() -> deliver(outbox, out));
    reader.start();
    for (int number = Integer.parseInt(arguments[1]); number < MOST; number++) {
      int mine = number;
      outbox
          .append("flow/" + number % 3, number % 10, Duration.ZERO, payload(number))
          .thenAccept(id -> tell(out, "A" + mine))
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS);
      if (number % 50 == 0) {
        Thread.sleep(1);
      }
    }
  }

  private static void deliver(SegmentOutbox outbox, PrintStream out) {
    try {
      while (true) {
        Optional<OutRecord> record = outbox.poll(Duration.ofSeconds(1));
        if (record.isPresent()) {
          int number = number(record.get());
          tell(out, "D" + number);
          if (number % 7 != 0) { // the rest stays, out of order
            outbox.delivered(record.get());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(PrintStream out, String what) {
    synchronized (out) {
      out.print(what + "\n");
      out.flush();
    }
  }

  private static byte[] payload(int number) {
    byte[] payload = new byte[20 + number % 200];
    Arrays.fill(payload, (byte) number);
    ByteBuffer.wrap(payload).putInt(number);
    return payload;
  }

  private static int number(OutRecord record) {
    int number = ByteBuffer.wrap(record.payload()).getInt();
    if (!Arrays.equals(record.payload(), payload(number))) {
      throw new IllegalStateException("record [" + number + "] is not what was appended");
    }
    return number;
  }

  private void runAndKill(long millis) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KillTest.class.getName(),
                directory.toString(),
                Integer.toString(next))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      long end = System.nanoTime() + millis * 1_000_000;
      while (line != null) {
        note(line);
        if (System.nanoTime() > end) {
          process.toHandle().destroyForcibly(); // leaves what it said readable
        }
        line = lines.readLine();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void note(String line) {
    if (line.length() < 2) {
      return; // cut by the kill
    }
    int number = Integer.parseInt(line.substring(1));
    (line.charAt(0) == 'A' ? accepted : delivered).set(number);
    next = Math.max(next, number + 1000);
  }

  @Test
  void losesNothingThatWasAccepted() throws Exception {
    Random random = new Random();
    for (int round = 0; round < ROUNDS; round++) {
      int before = accepted.cardinality();
      runAndKill(200 + random.nextInt(500));
      assertThat(accepted.cardinality()).isGreaterThan(before);
    }
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options())) {
      OutboxStatus status = outbox.status();
      assertThat(status.accepted()).isGreaterThanOrEqualTo(accepted.cardinality());
      assertThat(status.accepted()).isEqualTo(status.delivered() + status.pending());
      Outboxes.assertAddsUp(status);
      for (int i = 0; i < 3; i++) {
        int flow = i;
        assertThat(Outboxes.of(status, "flow/" + i).accepted())
            .isGreaterThanOrEqualTo(accepted.stream().filter(n -> n % 3 == flow).count());
      }
      long drained = 0;
      for (Optional<OutRecord> one = Outboxes.poll(outbox);
          one.isPresent();
          one = Outboxes.poll(outbox)) {
        delivered.set(number(one.get()));
        outbox.delivered(one.get());
        drained++;
      }
      Outboxes.assertAddsUp(outbox.status());
      assertThat(drained).isEqualTo(status.pending());
      assertThat(outbox.status().dropped().values()).allMatch(count -> count == 0);
    }
    accepted.andNot(delivered);
    assertThat(accepted.cardinality()).as("accepted and never delivered: " + accepted).isZero();
  }
}
