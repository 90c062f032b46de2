package io.selvedge.mqtt.client;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells Paho nothing of what comes, not even the end, before it has begun to send. Its threads wait
 * for each other to run, without end: where one has ended before it was looked at, as where a proxy
 * takes the connection and closes it at once, the one that waits for it stays for ever ({@code
 * CommsReceiver.start} of Paho 1.2.5, both versions). It sends once all of them run.
 */
final class Opening {

  /** Then it is in no state in which it would ever send. */
  private static final long LONGEST_SECONDS = 60;

  private final CountDownLatch sent = new CountDownLatch(1);

  /** What comes, for Paho. */
  InputStream in(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        await();
        return in.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        await();
        return in.read(bytes, offset, length);
      }
    };
  }

  /** What Paho sends. */
  OutputStream out(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int one) throws IOException {
        sent.countDown();
        out.write(one);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        sent.countDown();
        out.write(bytes, offset, length);
      }
    };
  }

  private void await() throws IOException {
    try {
      if (!sent.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("nothing was sent within [" + LONGEST_SECONDS + "] s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the connection is given up");
    }
  }
}
