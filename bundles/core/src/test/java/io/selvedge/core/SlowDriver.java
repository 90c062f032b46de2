package io.selvedge.core;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;

/**
 * A component that is in the making until the test lets it go on. Put into a bundle of its own by
 * the test, with which it talks through a system property: its class there is not the test's.
 */
public final class SlowDriver implements Driver {

  static final String STATE = "selvedge.test.slow-driver";

  public SlowDriver() throws InterruptedException {
    System.setProperty(STATE, "begun");
    while (!System.getProperty(STATE, "").equals("go on")) {
      Thread.sleep(10);
    }
  }

  @Override
  public List<Channel> channels() {
    return List.of(Channel.flag("door"));
  }

  @Override
  public List<Reading> read() {
    return List.of();
  }

  void deactivate() {
    // as the descriptor names it
  }
}
