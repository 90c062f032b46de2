package io.selvedge.bench.bus;

import com.pi4j.Pi4J;
import com.pi4j.boardinfo.datareader.CpuInfoReader;
import com.pi4j.boardinfo.util.BoardInfoHelper;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.i2c.I2C;
import com.pi4j.library.gpiod.internal.GpioDContext;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import com.pi4j.plugin.linuxfs.provider.i2c.LinuxFsI2CProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same hardware by the plugins that come with Pi4J. */
final class Pi4jPlugins implements AutoCloseable {

  private final Context context;

  /** They serve Raspberry Pis alone, so this machine has to look like one. */
  Pi4jPlugins() throws IOException {
    Path board = Files.createTempFile("cpuinfo", "");
    Files.writeString(board, "Revision : c03112\n");
    CpuInfoReader.setCpuInfoFilePath(board.toString());
    BoardInfoHelper.reinitialize();
    context =
        Pi4J.newContextBuilder()
            .add(LinuxFsI2CProvider.newInstance(), GpioDDigitalOutputProvider.newInstance())
            .build();
    GpioDContext.getInstance().initialize();
  }

  I2C i2c(int bus, int address) {
    return context.create(
        I2C.newConfigBuilder(context).id("i2c").bus(bus).device(address).provider("linuxfs-i2c"));
  }

  DigitalOutput output(int line) {
    return context.create(
        DigitalOutput.newConfigBuilder(context)
            .id("out")
            .address(line)
            .provider("gpiod-digital-output"));
  }

  @Override
  public void close() {
    context.shutdown();
  }
}
