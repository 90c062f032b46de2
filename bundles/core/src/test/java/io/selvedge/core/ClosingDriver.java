package io.selvedge.core;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;

/**
 * A component that must be closed. Put into a bundle of its own by the test, which it tells what
 * happens through a system property: its class there is not the test's.
 */
public final class ClosingDriver implements Driver {

  static final String DIARY = "selvedge.test.closing-driver";

  @Override
  public List<Channel> channels() {
    return List.of(Channel.flag("door"));
  }

  @Override
  public List<Reading> read() {
    note("read");
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      // removed: what is underway is ended first, and that takes a while
      sleepOn();
    }
    note("end");
    return List.of();
  }

  void deactivate() {
    note("closed");
  }

  private static void sleepOn() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void note(String what) {
    System.setProperty(DIARY, System.getProperty(DIARY, "") + what + " ");
  }
}
