package io.selvedge.console.service;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/**
 * Which gateway this is, from the framework's properties.
 *
 * @param id the gateway's id
 * @param account the account that it belongs to
 * @param version the version of the programs
 * @param data the directory of the gateway's own files
 */
public record Gateway(String id, String account, String version, Path data) {

  /**
   * This gateway.
   *
   * @throws IllegalStateException nobody says where its data are; secrets must not land anywhere
   */
  public static Gateway of(BundleContext context) {
    String data = property(context, "selvedge.data", "");
    if (data.isEmpty()) {
      throw new IllegalStateException(
          "framework property [selvedge.data] is not set; it must be the instance's data directory,"
              + " start the gateway by bin/selvedge");
    }
    return new Gateway(
        property(context, "selvedge.gateway.id", "gateway"),
        property(context, "selvedge.account", ""),
        property(context, "selvedge.version", "0"),
        Path.of(data));
  }

  private static String property(BundleContext context, String name, String otherwise) {
    String value = context.getProperty(name);
    return value == null || value.isBlank() ? otherwise : value;
  }
}
