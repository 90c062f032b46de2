package io.selvedge.remote.conf;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Those of Config Admin that have a file in {@code conf/}: others belong to the programs. */
final class ConfigAdminPresent implements Present {

  private static final String FILE = "felix.fileinstall.filename";

  static final Set<String> NOT_TOLD =
      Set.of(
          "service.pid",
          "service.factoryPid",
          "service.bundleLocation",
          "kura.service.pid",
          "component.id",
          "component.name",
          FILE);

  private final ConfigurationAdmin admin;
  private final Path conf;

  ConfigAdminPresent(ConfigurationAdmin admin, String conf) {
    this.admin = admin;
    this.conf = Path.of(conf).toAbsolutePath().normalize();
  }

  @Override
  public Map<String, Map<String, Object>> all() throws IOException {
    Map<String, Map<String, Object>> all = new TreeMap<>();
    try {
      Configuration[] found = admin.listConfigurations("(" + FILE + "=*)");
      for (Configuration one : found == null ? new Configuration[0] : found) {
        add(one, all);
      }
      return all;
    } catch (InvalidSyntaxException e) {
      throw new IOException("filter", e);
    }
  }

  private void add(Configuration one, Map<String, Map<String, Object>> all) {
    try {
      Map<String, Object> values = new TreeMap<>(FrameworkUtil.asMap(one.getProperties()));
      Path file = Path.of(URI.create(String.valueOf(values.get(FILE)))).normalize();
      if (conf.equals(file.getParent())) {
        values.keySet().removeAll(NOT_TOLD);
        all.put(one.getPid(), values);
      }
    } catch (IllegalStateException e) {
      return; // somebody deleted it since it was listed
    }
  }
}
