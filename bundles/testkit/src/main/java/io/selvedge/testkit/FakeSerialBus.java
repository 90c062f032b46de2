package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.SerialBus;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/**
 * A serial port whose other end is the test. Reads do not wait: what is not there has timed out. It
 * looks at interrupts as a real one does.
 */
public final class FakeSerialBus implements SerialBus {

  private final String name;
  private final Deque<Byte> received = new ArrayDeque<>();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Fault fault = new Fault();
  private Optional<SerialOptions> options = Optional.empty();
  private Runnable onBytes = () -> {};
  private Function<byte[], byte[]> peer = bytes -> new byte[0];

  public FakeSerialBus(String name) {
    this.name = name;
  }

  /** Bytes come from the other end. */
  public FakeSerialBus receive(int... bytes) {
    return receive(Hex.bytes(bytes));
  }

  /** Text comes from the other end, in ASCII. */
  public FakeSerialBus receive(String text) {
    return receive(text.getBytes(StandardCharsets.US_ASCII));
  }

  private FakeSerialBus receive(byte[] bytes) {
    for (byte one : bytes) {
      received.add(one);
    }
    if (bytes.length > 0) {
      onBytes.run();
    }
    return this;
  }

  /** The other end answers each write. */
  public FakeSerialBus peer(Function<byte[], byte[]> answers) {
    peer = answers;
    return this;
  }

  /** All that was sent so far. */
  public byte[] sent() {
    return sent.toByteArray();
  }

  /** How the port was opened; empty while it is not. */
  public Optional<SerialOptions> options() {
    return options;
  }

  /** From now on each call fails like this. */
  public void fail(BusException.Kind kind) {
    fault.set(kind);
  }

  /** From now on the port works again. */
  public void mend() {
    fault.mend();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SerialLink open(SerialOptions asked) {
    return new Link(asked);
  }

  private final class Link implements SerialLink {
    private final SerialOptions asked;

    Link(SerialOptions asked) {
      this.asked = asked;
    }

    private void check() throws BusException, InterruptedException {
      fault.check(name);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while using port [" + name + "]");
      }
      options = Optional.of(asked);
    }

    @Override
    public int read(byte[] buffer, Duration timeout) throws BusException, InterruptedException {
      check();
      int count = Math.min(buffer.length, received.size());
      for (int i = 0; i < count; i++) {
        buffer[i] = received.remove();
      }
      return count;
    }

    @Override
    public void write(byte[] bytes) throws BusException, InterruptedException {
      check();
      sent.writeBytes(bytes);
      receive(peer.apply(bytes.clone()));
    }

    @Override
    public void onBytes(Runnable listener) {
      onBytes = listener;
    }

    @Override
    public void close() {
      options = Optional.empty();
    }
  }
}
