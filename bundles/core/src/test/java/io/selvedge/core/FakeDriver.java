package io.selvedge.core;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Wakeup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A driver whose reads and writes a test scripts while it runs. */
final class FakeDriver implements Driver, DriverSource {

  /** What one read does. */
  interface Read {
    List<Reading> read() throws DeviceException, InterruptedException;
  }

  /** What one write does. */
  interface Write {
    void write(String channel, Value value) throws DeviceException, InterruptedException;
  }

  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final List<String> threads = Collections.synchronizedList(new ArrayList<>());
  volatile List<Channel> channels = List.of(Channel.decimal("temperature", "Cel"));
  volatile Read read = () -> List.of(Reading.of("temperature", 21.5));
  volatile Write write = (channel, value) -> {};
  volatile Wakeup wakeup = () -> {};

  FakeDriver() {}

  FakeDriver(Read read) {
    this.read = read;
  }

  @Override
  public Driver open() {
    return this;
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }

  @Override
  public List<Channel> channels() {
    return channels;
  }

  @Override
  public void attach(Wakeup now) {
    wakeup = now;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    threads.add(Thread.currentThread().getName());
    try {
      return read.read();
    } finally {
      reads.incrementAndGet();
    }
  }

  @Override
  public void write(String channel, Value value) throws DeviceException, InterruptedException {
    threads.add(Thread.currentThread().getName());
    write.write(channel, value);
  }
}
