package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.SerialBus;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import java.time.Duration;
import java.util.Arrays;

/** A serial port whose bytes are written down, those that come and those that go. */
record RecordingSerial(SerialBus port, String bus, Exchange.Noting notes) implements SerialBus {

  @Override
  public String name() {
    return port.name();
  }

  @Override
  public SerialLink open(SerialOptions options) {
    SerialLink link = port.open(options);
    String asked = Requests.serial(options);
    return new SerialLink() {
      @Override
      public int read(byte[] buffer, Duration timeout) throws BusException, InterruptedException {
        int[] count = {0};
        note(
            asked + Requests.READ,
            () -> {
              count[0] = link.read(buffer, timeout);
              return Exchange.hex(Arrays.copyOf(buffer, count[0]));
            });
        return count[0];
      }

      @Override
      public void write(byte[] bytes) throws BusException, InterruptedException {
        note(
            asked + Requests.WRITE + Exchange.hex(bytes),
            () -> {
              link.write(bytes);
              return "";
            });
      }

      @Override
      public void onBytes(Runnable listener) {
        link.onBytes(listener);
      }

      @Override
      public void close() {
        link.close();
      }
    };
  }

  /** An interrupt stays one: it is the deadline's, and nothing that the port said. */
  private void note(String request, Exchange.Call<String> call)
      throws BusException, InterruptedException {
    try {
      String unused = notes.note(bus, request, call);
    } catch (BusException e) {
      if (e.getCause() instanceof InterruptedException interrupted) {
        Thread.interrupted();
        throw interrupted;
      }
      throw e;
    }
  }
}
