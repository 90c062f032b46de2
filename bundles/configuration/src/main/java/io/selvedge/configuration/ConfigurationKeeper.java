package io.selvedge.configuration;

import io.selvedge.api.configuration.Snapshot;
import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Keeps {@code conf/} the truth. File Install reads the files; what is changed in another way, in
 * the web console for example, is written to its file here, and what is configured anew gets a
 * file. So everything holds after the next start too. (File Install could write by itself, but it
 * does so at each start and in place, and it loses sight of a configuration whose properties were
 * replaced.)
 *
 * <p>Called on the thread of Config Admin.
 */
@Component(
    immediate = true,
    service = {ConfigurationListener.class, Snapshots.class},
    configurationPid = "io.selvedge.configuration")
@Designate(ocd = SnapshotsConfig.class)
public final class ConfigurationKeeper implements ConfigurationListener, Snapshots {

  /** Many changes within so long are one snapshot. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final Duration LONGEST = Duration.ofSeconds(15);

  private static final Set<String> NOT_SAVED =
      Set.of(
          "service.pid", "service.factoryPid", "service.bundleLocation", ConfigurationFiles.FILE);

  private final ConfigurationAdmin admin;
  private final Events events;
  private final ConfigurationFiles files;
  private final Map<String, String> fileByPid = new ConcurrentHashMap<>();
  private final Settling settling = new Settling(System::nanoTime);
  private final Debounce debounce = new Debounce(QUIET, LONGEST, System::nanoTime, this::changed);
  private final AtomicBoolean withoutSnapshot = new AtomicBoolean();
  private final Changes changes;

  @Activate
  public ConfigurationKeeper(
      BundleContext context,
      @Reference(name = "admin") ConfigurationAdmin admin,
      @Reference(name = "types") MetaTypeService types,
      @Reference(name = "events") Events events,
      SnapshotsConfig config)
      throws IOException {
    this.admin = admin;
    this.events = events;
    Durable disk = new Durable();
    this.files = new ConfigurationFiles(Path.of(context.getProperty("selvedge.conf")), disk);
    for (Listed one : Listed.all(admin, null)) {
      one.file().ifPresent(name -> fileByPid.put(one.pid(), name));
    }
    SnapshotStore store =
        new SnapshotStore(
            Recovery.directory(context).resolve("snapshots"),
            disk,
            Clock.systemUTC(),
            config.snapshots_most(),
            config.snapshots_kib() * 1024L,
            this::damaged);
    changes =
        new Changes(
            new Changes.Parts(
                files,
                store,
                Recovery.transaction(context, disk),
                new Secrets(new Declared(context, types)::isPassword),
                settling,
                new Present(),
                events));
    changes.recover();
    debounce.changed();
  }

  @Deactivate
  void stop() {
    debounce.close();
  }

  private void damaged(String file, String why) {
    events.report(
        Severity.ERROR,
        "configuration/snapshots",
        "configuration.snapshot_damaged",
        "snapshot ["
            + file
            + "] cannot be used: "
            + why
            + "; the one before it is the newest now. Look at the disk");
  }

  /** On the thread {@code selvedge-configuration}. */
  private void changed() {
    try {
      changes.take();
      if (withoutSnapshot.compareAndSet(true, false)) {
        events.report(
            Severity.INFO,
            "configuration/snapshots",
            "configuration.snapshots_again",
            "snapshots of the configuration can be taken again");
      }
    } catch (IOException e) {
      if (withoutSnapshot.compareAndSet(false, true)) {
        events.report(
            Severity.ERROR,
            "configuration/snapshots",
            "configuration.no_snapshot",
            "no snapshot of the configuration can be taken: "
                + e.getMessage()
                + "; see to disk and permissions. It is tried again and again");
      }
      debounce.changed();
    }
  }

  /** What Config Admin has, for changes of files. */
  private final class Present implements Changes.Present {

    @Override
    public String file(String pid) throws IOException {
      for (Listed one : Listed.all(admin, only(pid))) {
        Optional<String> named = one.file();
        if (named.isPresent()) {
          return named.get();
        }
      }
      return files.nameFor(pid, pid.contains("~") ? pid.replaceFirst("~.*", "") : null);
    }

    @Override
    public void settle(Collection<String> names) throws IOException {
      for (Listed one : Listed.all(admin, null)) {
        Optional<String> named = one.file().filter(names::contains);
        if (named.isPresent() && files.holds(named.get(), values(one))) {
          settling.settled(named.get());
        }
      }
    }
  }

  @Override
  public void configurationEvent(ConfigurationEvent event) {
    String pid = event.getPid();
    debounce.changed();
    try {
      if (event.getType() == ConfigurationEvent.CM_DELETED) {
        String file = fileByPid.remove(pid);
        if (file != null && !settling.waits(file)) {
          files.delete(file);
        }
      } else if (event.getType() == ConfigurationEvent.CM_UPDATED) {
        for (Listed one : Listed.all(admin, only(pid))) {
          keep(pid, one);
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

  private void keep(String pid, Listed configuration) throws IOException {
    Optional<String> named = configuration.file();
    Map<String, Object> values = values(configuration);
    String file =
        named.orElseGet(
            () ->
                fileByPid.computeIfAbsent(
                    pid, key -> files.nameFor(pid, configuration.factoryPid().orElse(null))));
    fileByPid.put(pid, file);
    if (settling.waits(file)) {
      if (files.holds(file, values)) {
        settling.settled(file);
      }
      return; // else these are the values of before the file was changed
    }
    boolean written = files.save(file, values);
    if (named.isEmpty()) {
      values.put(ConfigurationFiles.FILE, file);
      configuration.update(values);
    }
    if (written) {
      events.report(
          Severity.INFO,
          "configuration/" + pid,
          "configuration.saved",
          "configuration [" + pid + "] was changed and saved in [" + shortName(file) + "]");
    }
  }

  private static String only(String pid) {
    return "(service.pid=" + pid + ")";
  }

  private static Map<String, Object> values(Listed configuration) {
    Map<String, Object> values = new TreeMap<>(configuration.properties());
    values.keySet().removeAll(NOT_SAVED);
    return values;
  }

  private static String shortName(String file) {
    return file.replaceFirst(".*/", "");
  }

  @Override
  public List<Snapshot> list() {
    return changes.list();
  }

  @Override
  public Optional<Map<String, String>> texts(long id) throws IOException {
    return changes.texts(id);
  }

  @Override
  public Map<String, String> texts() throws IOException {
    return changes.texts();
  }

  @Override
  public Optional<Map<String, Map<String, Object>>> values(long id) throws IOException {
    return changes.values(id);
  }

  @Override
  public Snapshot take(String why) throws IOException {
    return debounce.call(() -> changes.take(why));
  }

  @Override
  public Snapshot update(Map<String, Map<String, Object>> values, String why) throws IOException {
    return debounce.call(() -> changes.update(values, why));
  }

  @Override
  public Snapshot write(Map<String, byte[]> put, Set<String> delete, String why)
      throws IOException {
    return debounce.call(() -> changes.write(put, delete, why));
  }

  @Override
  public Snapshot rollback(long id, String why) throws IOException {
    return debounce.call(() -> changes.rollback(id, why));
  }

  @Override
  public boolean isSecret(String pid, String key) {
    return changes.isSecret(pid, key);
  }
}
