package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.OneWireBus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A 1-Wire bus whose thermometers a test puts there, takes away and damages. */
public final class FakeOneWireBus implements OneWireBus {

  private static final int SCRATCHPAD = 9;

  private final String name;
  private final Map<String, byte[]> devices = new TreeMap<>();
  private final Map<String, Boolean> damaged = new TreeMap<>();
  private final Fault fault = new Fault();

  public FakeOneWireBus(String name) {
    this.name = name;
  }

  /** Puts a device on the bus; its scratchpad begins with these bytes. */
  public FakeOneWireBus put(String id, int... scratchpad) {
    devices.put(id, Arrays.copyOf(Hex.bytes(scratchpad), SCRATCHPAD));
    return this;
  }

  /** Takes a device off the bus. */
  public void remove(String id) {
    devices.remove(id);
  }

  /** From now on what this device sends fails its check sum, or does so no more. */
  public void damage(String id, boolean now) {
    damaged.put(id, now);
  }

  /** From now on each call fails like this. */
  public void fail(BusException.Kind kind) {
    fault.set(kind);
  }

  /** From now on the bus works again. */
  public void mend() {
    fault.mend();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> list() throws BusException {
    fault.check(name);
    return List.copyOf(devices.keySet());
  }

  @Override
  public byte[] read(String id) throws BusException {
    fault.check(name);
    byte[] scratchpad = devices.get(id);
    if (scratchpad == null) {
      throw new BusException(
          BusException.Kind.ABSENT,
          "no device [" + id + "] on 1-Wire bus [" + name + "]; there are " + devices.keySet());
    }
    if (damaged.getOrDefault(id, false)) {
      throw new BusException(
          BusException.Kind.CRC, "device [" + id + "]: the scratchpad's check sum does not fit");
    }
    return scratchpad.clone();
  }
}
