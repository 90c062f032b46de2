package io.selvedge.configuration;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps {@code conf/} the truth. File Install reads the files; what is changed in another way, in
 * the web console for example, is written to its file here, and what is configured anew gets a
 * file. So everything holds after the next start too. (File Install could write by itself, but it
 * does so at each start and in place, and it loses sight of a configuration whose properties were
 * replaced.)
 *
 * <p>Called on the thread of Config Admin.
 */
@Component(immediate = true, service = ConfigurationListener.class)
public final class ConfigurationKeeper implements ConfigurationListener {

  private static final Set<String> NOT_SAVED =
      Set.of(
          "service.pid", "service.factoryPid", "service.bundleLocation", ConfigurationFiles.FILE);

  private final ConfigurationAdmin admin;
  private final Events events;
  private final ConfigurationFiles files;
  private final Map<String, String> fileByPid = new ConcurrentHashMap<>();

  @Activate
  public ConfigurationKeeper(
      BundleContext context,
      @Reference(name = "admin") ConfigurationAdmin admin,
      @Reference(name = "events") Events events)
      throws IOException {
    this.admin = admin;
    this.events = events;
    this.files = new ConfigurationFiles(Path.of(context.getProperty("selvedge.conf")));
    for (Configuration configuration : list(null)) {
      file(configuration).ifPresent(name -> fileByPid.put(configuration.getPid(), name));
    }
  }

  @Override
  public void configurationEvent(ConfigurationEvent event) {
    String pid = event.getPid();
    try {
      if (event.getType() == ConfigurationEvent.CM_DELETED) {
        String file = fileByPid.remove(pid);
        if (file != null) {
          files.delete(file);
        }
      } else if (event.getType() == ConfigurationEvent.CM_UPDATED) {
        for (Configuration configuration : list("(service.pid=" + pid + ")")) {
          keep(pid, configuration);
        }
      }
    } catch (IOException | IllegalStateException e) {
      events.report(
          Severity.ERROR,
          "configuration/" + pid,
          "configuration.not_saved",
          "the file of configuration ["
              + pid
              + "] cannot be kept: "
              + e.getMessage()
              + "; a change made in the console holds until the next start only. Mend the file, or"
              + " see to disk and permissions");
    }
  }

  private void keep(String pid, Configuration configuration) throws IOException {
    Optional<String> named = file(configuration);
    Map<String, Object> values = new TreeMap<>(FrameworkUtil.asMap(configuration.getProperties()));
    values.keySet().removeAll(NOT_SAVED);
    String file =
        named.orElseGet(
            () ->
                fileByPid.computeIfAbsent(
                    pid, key -> files.nameFor(pid, configuration.getFactoryPid())));
    fileByPid.put(pid, file);
    boolean written = files.save(file, values);
    if (named.isEmpty()) {
      values.put(ConfigurationFiles.FILE, file);
      configuration.update(FrameworkUtil.asDictionary(values));
    }
    if (written) {
      events.report(
          Severity.INFO,
          "configuration/" + pid,
          "configuration.saved",
          "configuration [" + pid + "] was changed and saved in [" + shortName(file) + "]");
    }
  }

  private static String shortName(String file) {
    return file.replaceFirst(".*/", "");
  }

  private List<Configuration> list(@Nullable String filter) throws IOException {
    try {
      Configuration[] found = admin.listConfigurations(filter);
      return found == null ? List.of() : Stream.of(found).toList();
    } catch (InvalidSyntaxException e) {
      throw new IOException("filter [" + filter + "]", e);
    }
  }

  private static Optional<String> file(Configuration configuration) {
    Dictionary<String, Object> properties = configuration.getProperties();
    return properties != null && properties.get(ConfigurationFiles.FILE) instanceof String name
        ? Optional.of(name)
        : Optional.empty();
  }
}
