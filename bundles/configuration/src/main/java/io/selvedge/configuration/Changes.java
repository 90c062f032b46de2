package io.selvedge.configuration;

import io.selvedge.api.configuration.Snapshot;
import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/** Snapshots and changes of the files in {@code conf/}, one at a time. */
final class Changes implements Snapshots {

  private static final String SOURCE = "configuration";
  private static final long SETTLE_MILLIS = 3_000;

  private final ConfigurationFiles files;
  private final SnapshotStore store;
  private final Transaction transaction;
  private final Secrets secrets;
  private final Settling settling;
  private final Present present;
  private final Events events;

  /** What Config Admin has. */
  interface Present {
    /** The file of a PID, as File Install names it; where it has none yet, the one it will have. */
    String file(String pid) throws IOException;

    /** Marks those as settled whose values are those of their files. */
    void settle(Collection<String> names) throws IOException;
  }

  /** What it works with. */
  record Parts(
      ConfigurationFiles files,
      SnapshotStore store,
      Transaction transaction,
      Secrets secrets,
      Settling settling,
      Present present,
      Events events) {}

  Changes(Parts parts) {
    files = parts.files();
    store = parts.store();
    transaction = parts.transaction();
    secrets = parts.secrets();
    settling = parts.settling();
    present = parts.present();
    events = parts.events();
  }

  /** Ends what a start found begun. */
  synchronized void recover() {
    try {
      Optional<Transaction.Plan> open = transaction.open();
      if (open.isPresent()) {
        perform(open.get());
        events.report(
            Severity.WARNING,
            SOURCE,
            "configuration.recovered",
            "a change of configuration was cut short and is done now: [" + open.get().why() + "]");
      }
    } catch (IOException e) {
      events.report(
          Severity.ERROR,
          SOURCE,
          "configuration.journal_damaged",
          "a change of configuration was cut short and cannot be ended: "
              + e.getMessage()
              + "; the files in [conf] stay as they are, look at them");
      putAside();
    }
  }

  private void putAside() {
    try {
      transaction.putAside();
    } catch (IOException e) {
      events.report(Severity.ERROR, SOURCE, "configuration.journal_damaged", "and it stays: " + e);
    }
  }

  @Override
  public synchronized List<Snapshot> list() {
    return store.list();
  }

  @Override
  public synchronized Optional<Map<String, String>> texts(long id) throws IOException {
    return store.read(id).map(one -> texts(one.files()));
  }

  @Override
  public synchronized Map<String, String> texts() throws IOException {
    return texts(files.contents());
  }

  private Map<String, String> texts(Map<String, byte[]> contents) {
    Map<String, String> texts = new TreeMap<>();
    contents.forEach((name, content) -> texts.put(name, secrets.text(name, content)));
    return texts;
  }

  @Override
  public synchronized Optional<Map<String, Map<String, Object>>> values(long id)
      throws IOException {
    Optional<SnapshotFile> read = store.read(id);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Map<String, Object>> values = new TreeMap<>();
    for (Map.Entry<String, byte[]> one : read.get().files().entrySet()) {
      values.put(
          ConfigurationFiles.pidOf(one.getKey()),
          secrets.masked(
              Secrets.pid(one.getKey()), ConfigurationFiles.read(one.getKey(), one.getValue())));
    }
    return Optional.of(values);
  }

  @Override
  public synchronized Snapshot take(String why) throws IOException {
    return store.take(files.contents(), why);
  }

  /** Takes one that says itself what differs from the newest. */
  synchronized Snapshot take() throws IOException {
    Map<String, byte[]> now = files.contents();
    Optional<SnapshotFile> before = Optional.empty();
    for (Snapshot one : store.list()) {
      before = before.isPresent() ? before : store.read(one.id());
    }
    return store.take(
        now, before.map(one -> differences(one.files(), now)).orElse("as it was found"));
  }

  private static String differences(Map<String, byte[]> before, Map<String, byte[]> now) {
    StringJoiner text = new StringJoiner(", ");
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      if (!before.containsKey(name)) {
        text.add(name + " is new");
      } else if (!now.containsKey(name)) {
        text.add(name + " is gone");
      } else if (!Arrays.equals(before.get(name), now.get(name))) {
        text.add(name + " changed");
      }
    }
    return text.toString();
  }

  @Override
  public synchronized Snapshot update(Map<String, Map<String, Object>> values, String why)
      throws IOException {
    Map<String, byte[]> put = new LinkedHashMap<>();
    Map<String, byte[]> now = files.contents();
    for (Map.Entry<String, Map<String, Object>> one : values.entrySet()) {
      String name = shortName(present.file(one.getKey()));
      requireName(name);
      byte[] old = now.getOrDefault(name, new byte[0]);
      Map<String, Object> merged = new TreeMap<>(ConfigurationFiles.read(name, old));
      one.getValue()
          .forEach(
              (key, value) -> {
                if (!MASK.equals(value) || !isSecret(Secrets.pid(name), key)) {
                  merged.put(key, value);
                }
              });
      put.put(name, ConfigurationFiles.merged(name, old, merged));
    }
    return change(put, Set.of(), why);
  }

  @Override
  public synchronized Snapshot write(Map<String, byte[]> put, Set<String> delete, String why)
      throws IOException {
    put.keySet().forEach(Changes::requireName);
    delete.forEach(Changes::requireName);
    return change(put, delete, why);
  }

  private static void requireName(String name) {
    if (!ConfigurationFiles.isName(name)) {
      throw new IllegalArgumentException(
          "file ["
              + name
              + "] must be named PID.cfg, FACTORYPID-name.cfg or the same with .config, for example"
              + " [io.selvedge.driver.simulated-hall.cfg]");
    }
  }

  @Override
  public synchronized Snapshot rollback(long id, String why) throws IOException {
    Map<String, byte[]> then =
        store
            .read(id)
            .map(SnapshotFile::files)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "snapshot ["
                            + id
                            + "] is not here; there are "
                            + list().stream().map(Snapshot::id).toList()));
    Set<String> extra = new TreeSet<>(files.contents().keySet());
    extra.removeAll(then.keySet());
    Snapshot done = change(then, extra, why);
    events.report(
        Severity.INFO,
        SOURCE,
        "configuration.rolled_back",
        "configuration is that of snapshot [" + id + "] again: " + why);
    return done;
  }

  private Snapshot change(Map<String, byte[]> put, Set<String> delete, String why)
      throws IOException {
    Map<String, byte[]> now = files.contents();
    store.take(now, "before: " + why);
    Map<String, byte[]> differing = new TreeMap<>(put);
    differing.entrySet().removeIf(one -> Arrays.equals(one.getValue(), now.get(one.getKey())));
    Set<String> going = new HashSet<>(delete);
    going.retainAll(now.keySet());
    if (differing.isEmpty() && going.isEmpty()) {
      return store.take(now, why);
    }
    Transaction.Plan plan = new Transaction.Plan(differing, going, why);
    transaction.begin(plan);
    return perform(plan);
  }

  private Snapshot perform(Transaction.Plan plan) throws IOException {
    List<String> names = plan.put().keySet().stream().map(files::url).toList();
    settling.begin(names);
    settling.begin(plan.delete().stream().map(files::url).toList());
    transaction.apply(plan);
    // Anew: an event of before, when file and Config Admin still agreed, may have ended the wait.
    settling.begin(names);
    Snapshot taken = store.take(files.contents(), plan.why());
    transaction.end();
    present.settle(names);
    settling.await(names, SETTLE_MILLIS);
    return taken;
  }

  @Override
  public boolean isSecret(String pid, String key) {
    return secrets.isSecret(pid, key);
  }

  private static String shortName(String file) {
    return file.replaceFirst(".*/", "");
  }
}
