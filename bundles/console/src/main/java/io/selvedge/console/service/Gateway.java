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

  public static Gateway of(BundleContext context) {
    return new Gateway(
        property(context, "selvedge.gateway.id", "gateway"),
        property(context, "selvedge.account", ""),
        property(context, "selvedge.version", "0"),
        Path.of(property(context, "selvedge.data", "data")));
  }

  private static String property(BundleContext context, String name, String otherwise) {
    String value = context.getProperty(name);
    return value == null || value.isBlank() ? otherwise : value;
  }
}
