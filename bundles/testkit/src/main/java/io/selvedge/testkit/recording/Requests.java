package io.selvedge.testkit.recording;

import io.selvedge.api.bus.SerialOptions;
import io.selvedge.api.bus.SpiMode;
import java.util.Arrays;
import java.util.List;

/** How requests are written in a recording. */
final class Requests {

  static final String LIST = "list";
  static final String LINES = "lines";
  static final String CHANNELS = "channels";
  static final String READ = "read";
  static final String DRAIN = "drain";
  static final String SET = "set ";
  static final String WRITE = "write ";

  private Requests() {}

  static String i2c(int address, byte[] write, int read) {
    return String.format("%02x %s %d", address, written(write), read);
  }

  static String spi(int chipSelect, SpiMode mode, byte[] write, int read) {
    return chipSelect + " " + mode + " " + written(write) + " " + read;
  }

  static String oneWire(String id) {
    return "read " + id;
  }

  static String pwm(int channel, long periodNanos, long dutyNanos) {
    return SET + channel + " " + periodNanos + " " + dutyNanos;
  }

  static String pwmOff(int channel) {
    return "off " + channel;
  }

  static String serial(SerialOptions options) {
    return String.format(
        "%d %d%s%d ",
        options.baud(), options.dataBits(), options.parity().name().charAt(0), options.stopBits());
  }

  static List<String> words(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
  }

  private static String written(byte[] write) {
    return write.length == 0 ? "-" : Exchange.hex(write);
  }
}
