package io.selvedge.core;

import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Driver;
import java.util.Arrays;
import java.util.List;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/**
 * Ready once each device has been read or is known to be down. Also names the drivers that are
 * configured and wait for something, a bus for example: they are no devices yet.
 */
@Component(property = {"hc.name=selvedge core", "hc.tags=ready"})
public final class CoreHealthCheck implements HealthCheck {

  private final Devices devices;
  private final ServiceComponentRuntime components;

  @Activate
  public CoreHealthCheck(
      @Reference(name = "devices") Devices devices,
      @Reference(name = "components") ServiceComponentRuntime components) {
    this.devices = devices;
    this.components = components;
  }

  @Override
  public Result execute() {
    List<DeviceStatus> all = devices.list();
    List<String> starting = ids(all, DeviceStatus.State.STARTING);
    if (!starting.isEmpty()) {
      return new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "devices not read yet: " + starting);
    }
    List<String> waiting = waiting();
    List<String> down = ids(all, DeviceStatus.State.DOWN);
    return new Result(
        Result.Status.OK,
        "devices up: "
            + ids(all, DeviceStatus.State.UP)
            + (down.isEmpty() ? "" : ", down: " + down)
            + (waiting.isEmpty() ? "" : ", waiting: " + waiting));
  }

  /** Devices that are configured, and the reference that their driver lacks. */
  private List<String> waiting() {
    return components.getComponentDescriptionDTOs().stream()
        .filter(component -> List.of(component.serviceInterfaces).contains(Driver.class.getName()))
        .flatMap(component -> components.getComponentConfigurationDTOs(component).stream())
        .filter(one -> one.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE)
        .map(
            one ->
                one.properties.getOrDefault("device.id", one.description.name)
                    + " for "
                    + Arrays.stream(one.unsatisfiedReferences)
                        .map(reference -> reference.name)
                        .toList())
        .toList();
  }

  private static List<String> ids(List<DeviceStatus> devices, DeviceStatus.State state) {
    return devices.stream()
        .filter(device -> device.state() == state)
        .map(DeviceStatus::id)
        .toList();
  }
}
