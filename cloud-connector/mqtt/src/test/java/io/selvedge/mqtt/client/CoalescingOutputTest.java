package io.selvedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class CoalescingOutputTest {

  /** Counts writes, and waits at the first one until it is let go. */
  private static final class SlowNetwork extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CountDownLatch inFirst = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private int writes;

    @Override
    public void write(int one) {
      throw new UnsupportedOperationException("one byte at a time is what we are here to avoid");
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      writes++;
      inFirst.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      bytes.write(from, offset, length);
    }
  }

  @Test
  void sendsTogetherWhatCameWhileTheNetworkWasBusy() throws Exception {
    SlowNetwork network = new SlowNetwork();
    byte[] message = new byte[1000];
    try (CoalescingOutput out = new CoalescingOutput(network, "test-out")) {
      out.write(message);
      out.flush();
      network.inFirst.await();
      for (int i = 0; i < 100; i++) {
        out.write(message);
        out.flush();
      }
      network.go.countDown();
    }
    assertThat(network.bytes.size()).isEqualTo(101_000);
    assertThat(network.writes).isEqualTo(2);
  }

  /** Paho interrupts the thread that reads when it is back, and that closes the socket. */
  @Test
  void waitsForTheLastWordsToGoOut() throws Exception {
    SlowNetwork network = new SlowNetwork();
    try (CoalescingOutput out = new CoalescingOutput(network, "test-out")) {
      out.leave();
      FutureTask<Integer> flushed =
          new FutureTask<>(
              () -> {
                out.write(new byte[] {(byte) 0xe0, 0});
                out.flush();
                return network.bytes.size();
              });
      Thread sender = new Thread(flushed, "test-sender");
      sender.start();
      network.inFirst.await();
      while (sender.getState() != Thread.State.TIMED_WAITING && !flushed.isDone()) {
        Thread.onSpinWait();
      }
      network.go.countDown();
      assertThat(flushed.get()).as("gone out when it came back").isEqualTo(2);
    }
  }

  @Test
  void keepsEveryByteInItsOrder() throws Exception {
    SlowNetwork network = new SlowNetwork();
    network.go.countDown();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Random random = new Random(2);
    try (CoalescingOutput out = new CoalescingOutput(network, "test-out")) {
      for (int i = 0; i < 2000; i++) {
        byte[] message = new byte[random.nextInt(5000)];
        random.nextBytes(message);
        out.write(message);
        expected.write(message);
        if (random.nextInt(3) > 0) {
          out.flush();
        }
      }
    }
    assertThat(network.bytes.toByteArray()).isEqualTo(expected.toByteArray());
  }

  @Test
  void tellsTheWriterThatTheNetworkIsGone() throws Exception {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    try (CoalescingOutput out = new CoalescingOutput(broken, "test-out")) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  out.write(1);
                  out.flush();
                }
              })
          .hasMessage("broken pipe");
    }
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("test-out"))) {
      assertThat(System.nanoTime()).as("its thread has ended").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void refusesToWriteAfterItsEnd() throws Exception {
    CoalescingOutput out = new CoalescingOutput(new ByteArrayOutputStream(), "test-out");
    out.close();
    assertThatThrownBy(() -> out.write(1)).hasMessage("connection is closed");
  }
}
