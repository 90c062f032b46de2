package io.selvedge.mqtt;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the machine and its Java say of themselves, by the names of Kura's birth; what they do not
 * say is an empty text. Reads files of Linux and asks nobody on the network.
 */
final class Machine {

  private final Path root;

  /**
   * @param root where the file system of Linux begins
   */
  Machine(Path root) {
    this.root = root;
  }

  /** All but what the gateway itself says; read anew each time. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model_name", first("sys/firmware/devicetree/base/model", dmi("product_name")));
    facts.put("model_id", first("sys/class/dmi/id/product_name", ""));
    facts.put("part_number", dmi("product_sku"));
    facts.put(
        "serial_number",
        first("sys/firmware/devicetree/base/serial-number", dmi("product_serial")));
    Runtime runtime = Runtime.getRuntime();
    facts.put("available_processors", Integer.toString(runtime.availableProcessors()));
    facts.put("total_memory", Long.toString(runtime.totalMemory() / 1024));
    facts.put("firmware_version", "");
    facts.put("cpu_version", cpu());
    facts.put("bios_version", dmi("bios_version"));
    facts.put("os", property("os.name"));
    facts.put("os_version", property("os.version"));
    facts.put("os_arch", property("os.arch"));
    facts.put("jvm_name", property("java.vm.name"));
    facts.put("jvm_version", property("java.vm.version") + ' ' + property("java.vm.info"));
    facts.put("jvm_profile", property("java.vendor") + ' ' + property("java.version"));
    facts.put("jvm_vendor", property("java.vm.vendor"));
    facts.put("jdk_vendor_version", property("java.vendor.version"));
    network(facts);
    return facts;
  }

  /** What Kura's birth has no name for, as {@code group.name}. */
  Map<String, String> extended() {
    return Map.of(
        "host.name",
        first("proc/sys/kernel/hostname", ""),
        "host.time_zone",
        ZoneId.systemDefault().getId());
  }

  /** Milliseconds since the machine was switched on; where it does not say, since Java started. */
  long uptime() {
    String seconds = first("proc/uptime", "").split(" ", 2)[0];
    try {
      return Math.round(Double.parseDouble(seconds) * 1000);
    } catch (NumberFormatException e) {
      return ManagementFactory.getRuntimeMXBean().getUptime();
    }
  }

  private String cpu() {
    for (String line : lines("proc/cpuinfo")) {
      String[] parts = line.split(":", 2);
      if (parts.length == 2 && parts[0].strip().equals("model name")) {
        return parts[1].strip();
      }
    }
    return "";
  }

  /** Interfaces that are up, with their hardware addresses, and one address each, in order. */
  private static void network(Map<String, String> facts) {
    StringBuilder names = new StringBuilder();
    StringBuilder addresses = new StringBuilder();
    try {
      for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
        List<InetAddress> all = one.inetAddresses().toList();
        if (one.isUp() && !one.isLoopback() && !all.isEmpty()) {
          String address = all.get(all.size() - 1).getHostAddress().replaceFirst("%.*", "");
          byte[] hardware = one.getHardwareAddress();
          String name =
              hardware == null
                  ? one.getName()
                  : one.getName() + " (" + HexFormat.ofDelimiter(":").formatHex(hardware) + ')';
          names.append(names.isEmpty() ? "" : ",").append(name);
          addresses.append(addresses.isEmpty() ? "" : ",").append(address);
        }
      }
    } catch (SocketException e) {
      // then they are unknown
    }
    facts.put("connection_interface", names.toString());
    facts.put("connection_ip", addresses.toString());
  }

  private static String property(String name) {
    return System.getProperty(name, "");
  }

  private String dmi(String name) {
    return first("sys/class/dmi/id/" + name, "");
  }

  private String first(String file, String otherwise) {
    return lines(file).stream()
        .map(line -> line.replace("\0", "").strip())
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse(otherwise);
  }

  private List<String> lines(String file) {
    try {
      return Files.readString(root.resolve(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of(); // not on this machine, or not for this user
    }
  }
}
