package io.selvedge.mqtt;

import io.selvedge.api.uplink.Uplink;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells of the connection to the hub. Not part of readiness: a gateway without network is ready.
 *
 * <p>OK: connected. WARN: not connected; messages wait in the outbox.
 */
@Component(property = {"hc.name=selvedge uplink", "hc.tags=uplink"})
public final class UplinkHealthCheck implements HealthCheck {

  private final Uplink uplink;

  @Activate
  public UplinkHealthCheck(
      @Reference(name = "uplink", target = "(" + Uplink.NAME + "=" + Uplink.HUB + ")")
          Uplink uplink) {
    this.uplink = uplink;
  }

  @Override
  public Result execute() {
    Uplink.Status status = uplink.status();
    String pending = "; [" + status.pending() + "] messages wait";
    return status.connected()
        ? new Result(Result.Status.OK, "Connected to [" + status.endpoint() + "]" + pending)
        : new Result(
            Result.Status.WARN,
            "Not connected since [" + status.since() + "]: " + status.reason() + pending);
  }
}
