package io.selvedge.hardware;

import io.selvedge.hardware.chips.Simulated;
import io.selvedge.hardware.gateway.GatewayInVm;
import io.selvedge.hardware.host.Arrivals;
import io.selvedge.hardware.vm.Agent;
import io.selvedge.hardware.vm.Userland;
import io.selvedge.hardware.vm.Vm;
import java.util.List;

/**
 * All that a check works with.
 *
 * @param devices those whose drivers are shipped
 */
public record Rig(
    Vm vm, Userland userland, GatewayInVm gateway, Arrivals arrivals, List<Simulated> devices) {

  public Rig {
    devices = List.copyOf(devices);
  }

  /** The shell that tells the simulators. */
  public Agent agent() {
    return vm.agent(0);
  }

  /** The device of that name, where its driver is shipped. */
  public List<Simulated> device(String id) {
    return devices.stream().filter(device -> device.device().equals(id)).toList();
  }
}
