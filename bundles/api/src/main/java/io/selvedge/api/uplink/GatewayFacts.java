package io.selvedge.api.uplink;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a part of the gateway knows of the machine and the hub should know: a tamper switch, a
 * modem, a label on the case. Register it as a service; the gateway tells it when it connects, and
 * again when a service comes, goes, or modifies its properties.
 */
@ConsumerType
@FunctionalInterface
public interface GatewayFacts {

  /**
   * Facts by name. {@code position} ({@code latitude, longitude, altitude} in degrees and metres)
   * takes the place of the one that is set up. A name of Kura's birth takes its place there: {@code
   * tamper_status} ({@code TAMPERED} or {@code NOT_TAMPERED}), {@code modem_imei}, {@code
   * modem_imsi}, {@code modem_iccid}, {@code modem_rssi}, {@code modem_firmware_version}, {@code
   * model_name}, {@code model_id}, {@code part_number}, {@code serial_number}, {@code
   * firmware_version}, {@code bios_version}, {@code cpu_version}. Any other is {@code group.name}
   * and goes into its extended properties. Called on a thread of the uplink; must not block.
   */
  Map<String, String> facts();
}
