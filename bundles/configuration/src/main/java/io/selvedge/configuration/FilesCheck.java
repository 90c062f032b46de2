package io.selvedge.configuration;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Ready once every file in {@code conf/} has been read and taken by somebody, and every bundle in
 * {@code deploy/} is installed. A file that nobody takes, because its name is misspelt for example,
 * is reported after ten seconds, and keeps nothing waiting from then on.
 */
@Component(property = {"hc.name=configuration", "hc.tags=ready"})
public final class FilesCheck implements HealthCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String MANAGED =
      "(|(objectClass=org.osgi.service.cm.ManagedService)"
          + "(objectClass=org.osgi.service.cm.ManagedServiceFactory))";

  private final BundleContext context;
  private final ConfigurationAdmin admin;
  private final ServiceComponentRuntime components;
  private final Events events;
  private final Clock clock = Clock.systemUTC();
  private final Instant begin = clock.instant();
  private final Map<String, Instant> seen = new TreeMap<>();
  private final Set<String> reported = new TreeSet<>();

  @Activate
  public FilesCheck(
      BundleContext context,
      @Reference(name = "admin") ConfigurationAdmin admin,
      @Reference(name = "components") ServiceComponentRuntime components,
      @Reference(name = "events") Events events) {
    this.context = context;
    this.admin = admin;
    this.components = components;
    this.events = events;
  }

  @Override
  public synchronized Result execute() {
    try {
      Map<String, String> idle = idle();
      if (idle.isEmpty()) {
        return new Result(Result.Status.OK, "all files are read");
      }
      seen.keySet().retainAll(idle.keySet());
      reported.retainAll(idle.keySet());
      Instant now = clock.instant();
      idle.forEach(
          (file, why) -> {
            if (seen.computeIfAbsent(file, key -> now).plus(PATIENCE).isBefore(now)) {
              report(file, why);
            }
          });
      boolean starting = now.isBefore(begin.plus(PATIENCE));
      return new Result(
          starting ? Result.Status.TEMPORARILY_UNAVAILABLE : Result.Status.WARN,
          idle.entrySet().stream()
              .map(file -> "[" + file.getKey() + "] " + file.getValue())
              .collect(Collectors.joining("; ")));
    } catch (IOException | InvalidSyntaxException e) {
      return new Result(Result.Status.WARN, "the files cannot be looked at: " + e);
    }
  }

  private void report(String file, String why) {
    if (reported.add(file)) {
      events.report(
          Severity.WARNING, "configuration/" + file, "file.idle", "file [" + file + "] " + why);
    }
  }

  /** Files without an effect, by their short names, and why. */
  private Map<String, String> idle() throws IOException, InvalidSyntaxException {
    Map<String, String> idle = new TreeMap<>();
    Path conf = Path.of(context.getProperty("selvedge.conf"));
    Set<String> unread = new ConfigurationFiles(conf).all();
    Set<String> pids = pids();
    for (Listed one : Listed.all(admin, null)) {
      String pid = one.factoryPid().orElse(one.pid());
      Optional<String> file = one.file();
      if (file.isPresent() && unread.remove(file.get()) && !pids.contains(pid)) {
        idle.put(
            shortName(file.get()),
            "is taken by nobody: no part has ["
                + pid
                + "]; see to its spelling, or add its bundle");
      }
    }
    unread.forEach(file -> idle.put(shortName(file), "cannot be read; mend it, or delete it"));
    notInstalled().forEach(jar -> idle.put(shortName(jar), "is no bundle; take it out of deploy"));
    return idle;
  }

  /** All that can be configured. */
  private Set<String> pids() throws InvalidSyntaxException {
    Set<String> pids = new TreeSet<>();
    components
        .getComponentDescriptionDTOs()
        .forEach(component -> pids.addAll(Arrays.asList(component.configurationPid)));
    ServiceReference<?>[] managed = context.getAllServiceReferences(null, MANAGED);
    for (ServiceReference<?> service : managed == null ? new ServiceReference<?>[0] : managed) {
      Object pid = service.getProperty("service.pid");
      if (pid instanceof String[] several) {
        pids.addAll(List.of(several));
      } else if (pid != null) {
        pids.add(pid.toString());
      }
    }
    return pids;
  }

  private Set<String> notInstalled() throws IOException {
    Path deploy = Path.of(context.getProperty("selvedge.instance"), "deploy");
    if (Files.notExists(deploy)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(deploy)) {
      Set<String> jars =
          files
              .filter(file -> file.toString().endsWith(".jar"))
              .map(ConfigurationFiles::nameOf)
              .collect(Collectors.toCollection(TreeSet::new));
      Stream.of(context.getBundles()).map(Bundle::getLocation).forEach(jars::remove);
      return jars;
    }
  }

  private static String shortName(String file) {
    return file.replaceFirst(".*/", "");
  }
}
