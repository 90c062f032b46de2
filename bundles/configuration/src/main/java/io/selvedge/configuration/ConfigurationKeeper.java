package io.selvedge.configuration;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps {@code conf/} the truth. File Install reads the files and writes changes back, but only as
 * long as a configuration carries the name of its file; whoever replaces all of its properties, as
 * the web console does, drops that name, and the change would be lost at the next start. Here it is
 * put back, and what is configured anew gets a file.
 *
 * <p>Is also the check that all files have been read. Called on the threads of Config Admin and of
 * the health checks.
 */
@Component(
    immediate = true,
    service = {ConfigurationListener.class, HealthCheck.class},
    property = {"hc.name=configuration", "hc.tags=ready"})
public final class ConfigurationKeeper implements ConfigurationListener, HealthCheck {

  /** A file that was not read by then is a broken one; it keeps nothing else waiting. */
  private static final Duration READ_WITHIN = Duration.ofSeconds(10);

  private final ConfigurationAdmin admin;
  private final Events events;
  private final ConfigurationFiles files;
  private final Clock clock;
  private final Instant begin;
  private final Map<String, String> fileByPid = new ConcurrentHashMap<>();

  @Activate
  public ConfigurationKeeper(
      BundleContext context,
      @Reference(name = "admin") ConfigurationAdmin admin,
      @Reference(name = "events") Events events)
      throws IOException {
    this(admin, events, Path.of(context.getProperty("selvedge.conf")), Clock.systemUTC());
  }

  ConfigurationKeeper(ConfigurationAdmin admin, Events events, Path conf, Clock clock)
      throws IOException {
    this.admin = admin;
    this.events = events;
    this.files = new ConfigurationFiles(conf);
    this.clock = clock;
    this.begin = clock.instant();
    for (Configuration configuration : list(null)) {
      file(configuration).ifPresent(name -> fileByPid.put(configuration.getPid(), name));
    }
  }

  @Override
  public void configurationEvent(ConfigurationEvent event) {
    if (event.getType() == ConfigurationEvent.CM_DELETED) {
      fileByPid.remove(event.getPid());
    } else if (event.getType() == ConfigurationEvent.CM_UPDATED) {
      try {
        for (Configuration configuration : list("(service.pid=" + event.getPid() + ")")) {
          keep(configuration);
        }
      } catch (IOException | IllegalStateException e) {
        events.report(
            Severity.ERROR,
            "configuration/" + event.getPid(),
            "configuration.not_saved",
            "configuration ["
                + event.getPid()
                + "] holds until the next start only: its file cannot be written ("
                + e
                + "); see to disk and permissions, and save it again");
      }
    }
  }

  @SuppressWarnings("JdkObsolete") // Config Admin speaks Dictionary
  private void keep(Configuration configuration) throws IOException {
    String pid = configuration.getPid();
    Optional<String> name = file(configuration);
    if (name.isPresent()) {
      fileByPid.put(pid, name.get());
      return;
    }
    Dictionary<String, Object> properties = configuration.getProperties();
    String file = fileByPid.get(pid);
    if (file == null) {
      file = files.create(pid, configuration.getFactoryPid(), configuration.getProperties());
      fileByPid.put(pid, file);
    }
    properties.put(ConfigurationFiles.FILE, file);
    configuration.update(properties); // File Install hears of it and writes the file
    events.report(
        Severity.INFO,
        "configuration/" + pid,
        "configuration.saved",
        "configuration [" + pid + "] was changed and saved in [" + shortName(file) + "]");
  }

  @Override
  public Result execute() {
    try {
      Set<String> missing = files.all();
      for (Configuration configuration : list(null)) {
        file(configuration).ifPresent(missing::remove);
      }
      if (missing.isEmpty()) {
        return new Result(Result.Status.OK, "all files are read");
      }
      boolean late = clock.instant().isAfter(begin.plus(READ_WITHIN));
      List<String> names = missing.stream().map(ConfigurationKeeper::shortName).toList();
      return new Result(
          late ? Result.Status.WARN : Result.Status.TEMPORARILY_UNAVAILABLE,
          "not read: " + names + (late ? "; mend these files, or delete them" : ""));
    } catch (IOException e) {
      return new Result(Result.Status.WARN, "the directory of files cannot be read: " + e);
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
