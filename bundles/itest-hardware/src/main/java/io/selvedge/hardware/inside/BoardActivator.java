package io.selvedge.hardware.inside;

import com.pi4j.boardinfo.model.BoardInfo;
import com.pi4j.context.Context;
import com.pi4j.io.i2c.I2C;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** A driver that is written against Pi4J: which board it finds, and a TMP105 by its I2C. */
public final class BoardActivator implements BundleActivator, Driver {

  private static final int BUS = 1; // as on the header of each Raspberry Pi
  private static final int ADDRESS = 0x48;
  private static final double CELSIUS_PER_COUNT = 1.0 / 256;

  private BundleContext bundles = FrameworkUtil.getBundle(BoardActivator.class).getBundleContext();

  @Override
  public void start(BundleContext context) {
    bundles = context;
    context.registerService(
        Driver.class,
        this,
        FrameworkUtil.asDictionary(
            Map.of("device.id", "board", "bus", "pi4j", "interval.ms", 1000L)));
  }

  @Override
  public List<Channel> channels() {
    return List.of(Channel.text("model"), Channel.decimal("temperature", "Cel"));
  }

  @Override
  public List<Reading> read() throws DeviceException {
    ServiceReference<Context> reference = bundles.getServiceReference(Context.class);
    Context pi4j = reference == null ? null : bundles.getService(reference);
    if (pi4j == null) {
      throw new DeviceException("Pi4J's context is not there");
    }
    BoardInfo board = pi4j.boardInfo();
    I2C chip = pi4j.create(I2C.newConfigBuilder(pi4j).id("tmp105").bus(BUS).device(ADDRESS));
    try {
      byte[] word = new byte[2];
      chip.readRegister(0, word);
      return List.of(
          Reading.of("model", board.getBoardModel().name()),
          Reading.of(
              "temperature", (short) ((word[0] << 8) | (word[1] & 0xff)) * CELSIUS_PER_COUNT));
    } finally {
      pi4j.shutdown("tmp105");
    }
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes back what was registered
  }
}
