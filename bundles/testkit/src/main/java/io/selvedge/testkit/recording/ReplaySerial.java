package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.SerialBus;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A serial port of a recording: bytes come in the pieces in which they came, without waiting. */
record ReplaySerial(String name, Exchange.Answering answers) implements SerialBus {

  @Override
  public SerialLink open(SerialOptions options) {
    String asked = Requests.serial(options);
    return new SerialLink() {
      private ByteBuffer left = ByteBuffer.allocate(0); // of a piece longer than the buffer

      @Override
      public int read(byte[] buffer, Duration timeout) throws BusException, InterruptedException {
        if (Thread.interrupted()) {
          throw new InterruptedException("the deadline of the call has passed");
        }
        if (!left.hasRemaining()) {
          left = ByteBuffer.wrap(Exchange.bytes(answers.answer(asked + Requests.READ)));
        }
        int count = Math.min(buffer.length, left.remaining());
        left.get(buffer, 0, count);
        return count;
      }

      @Override
      public void write(byte[] bytes) throws BusException {
        String unused = answers.answer(asked + Requests.WRITE + Exchange.hex(bytes));
      }

      @Override
      public void onBytes(Runnable listener) {
        listener.run(); // there is something to read, and nobody who would say so later
      }

      @Override
      public void close() {
        left = ByteBuffer.allocate(0);
      }
    };
  }
}
