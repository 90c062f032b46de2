package io.selvedge.core;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;

/** A component whose configuration is wrong. Put into a bundle of its own by the test. */
public final class FailingDriver implements Driver {

  public FailingDriver() {
    throw new IllegalArgumentException("speed [-1] must be 0 or more");
  }

  @Override
  public List<Channel> channels() {
    return List.of();
  }

  @Override
  public List<Reading> read() {
    return List.of();
  }
}
