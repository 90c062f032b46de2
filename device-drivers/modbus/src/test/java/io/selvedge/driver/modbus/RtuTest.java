package io.selvedge.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.modbus.ModbusServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RTU frames: over a network, and over a pair of terminals that the kernel treats as serial. */
class RtuTest {

  /** Two terminals that are wired to each other. */
  private static final String CABLE =
      """
      import os, pty, select, tty
      a, sa = pty.openpty()
      b, sb = pty.openpty()
      for fd in (a, b, sa, sb): tty.setraw(fd)
      print(os.ttyname(sa), os.ttyname(sb), flush=True)
      while True:
          for fd in select.select([a, b], [], [])[0]:
              os.write(b if fd == a else a, os.read(fd, 256))
      """;

  @Test
  void speaksRtuOverANetwork() throws Exception {
    try (ModbusServer server = ModbusServer.rtuOverTcp()) {
      server.input(0, 0xff9c);

      assertThat(read(Map.of("bus", server.bus(), "framing", "rtu")))
          .isEqualTo(Reading.of("t", -10.0));
    }
  }

  @Test
  void speaksRtuOverASerialPort() throws Exception {
    Process cable = cable();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(cable.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      assumeTrue(line != null, "python3 could not make a pair of terminals");
      String[] ends = line.split(" ", -1);
      try (ModbusServer server = ModbusServer.serial(ends[0])) {
        server.input(0, 0x00fa);

        assertThat(read(Map.of("bus", ends[1]))).isEqualTo(Reading.of("t", 25.0));
      }
    } finally {
      cable.destroy();
    }
  }

  private static Process cable() {
    try {
      return new ProcessBuilder("python3", "-c", CABLE)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      assumeTrue(false, "no python3 here: " + e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  private static Reading read(Map<String, ?> line) throws Exception {
    Map<String, Object> settings = new HashMap<>(line);
    settings.put("device.id", "meter");
    settings.put("timeout.ms", 5000);
    settings.put("registers", "t Cel input 0 int16 scale=0.1");
    ModbusDriver driver = new ModbusDriver(new Lines(), Configs.of(ModbusConfig.class, settings));
    try {
      return driver.read().get(0);
    } finally {
      driver.close();
    }
  }
}
