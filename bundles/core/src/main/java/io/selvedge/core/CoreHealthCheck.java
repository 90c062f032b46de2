package io.selvedge.core;

import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import java.util.List;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Ready once each device has been read or is known to be down. */
@Component(property = {"hc.name=selvedge core", "hc.tags=ready"})
public final class CoreHealthCheck implements HealthCheck {

  private final Devices devices;

  @Activate
  public CoreHealthCheck(@Reference(name = "devices") Devices devices) {
    this.devices = devices;
  }

  @Override
  public Result execute() {
    List<DeviceStatus> all = devices.list();
    List<String> starting = ids(all, DeviceStatus.State.STARTING);
    if (!starting.isEmpty()) {
      return new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "devices not read yet: " + starting);
    }
    List<String> down = ids(all, DeviceStatus.State.DOWN);
    return new Result(
        Result.Status.OK,
        "devices up: "
            + ids(all, DeviceStatus.State.UP)
            + (down.isEmpty() ? "" : ", down: " + down));
  }

  private static List<String> ids(List<DeviceStatus> devices, DeviceStatus.State state) {
    return devices.stream()
        .filter(device -> device.state() == state)
        .map(DeviceStatus::id)
        .toList();
  }
}
