package io.selvedge.hub.security;

import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.KeyChange;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that deployments are signed with, and the changes that led to it, each signed with the
 * key before. Thread-safe.
 *
 * <pre>
 * keys/deployment.key, .pub   the key
 * keys/changes/0001.json …    changes, the oldest first: for gateways that trust an older key
 * keys/next.pair              the next key, while it is changed
 * </pre>
 *
 * A change is: the next pair is written; the change is written, which is the commit; the pair takes
 * the key's place; the next pair is deleted. A hub that was killed before the commit forgets the
 * next pair, one that was killed behind it finishes.
 */
public final class KeyRing {

  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

  private final Path directory;
  private final Clock clock;
  private KeyPair current;
  private List<SignedEnvelope> changes;

  private KeyRing(Path directory, Clock clock, KeyPair current, List<SignedEnvelope> changes) {
    this.directory = directory;
    this.clock = clock;
    this.current = current;
    this.changes = List.copyOf(changes);
  }

  /**
   * Reads the key, or makes the first one; finishes a change that was interrupted.
   *
   * @throws IOException it cannot be read, or half of it is missing; or so the next one, which then
   *     takes nobody's place
   */
  public static KeyRing open(Path directory, Clock clock) throws IOException {
    List<SignedEnvelope> changes = read(directory.resolve("changes"));
    Path next = directory.resolve("next.pair");
    if (Files.exists(next)) {
      KeyPair pair = pair(next);
      boolean committed = !changes.isEmpty() && trusts(changes.get(changes.size() - 1), pair);
      if (committed) {
        install(directory, pair);
      }
      Files.delete(next);
      log.info("A change of key was interrupted: it is {}", committed ? "finished" : "forgotten");
    }
    return new KeyRing(directory, clock, SigningKey.readOrCreate(directory), changes);
  }

  /** What deployments are signed with now. */
  public synchronized KeyPair current() {
    return current;
  }

  /** All changes, the oldest first. */
  public synchronized List<SignedEnvelope> changes() {
    return changes;
  }

  /** Ids of the keys that were replaced, the oldest first. */
  public synchronized List<String> former() {
    List<String> former = new ArrayList<>();
    for (SignedEnvelope change : changes) {
      try {
        former.add(KeyChange.parse(change).revoke());
      } catch (DeploymentException e) {
        throw new IllegalStateException("stored change of key is not readable", e);
      }
    }
    return former;
  }

  /** Makes a new key, signs the change with the old one, and signs with the new one from now on. */
  public synchronized SignedEnvelope rotate() throws IOException {
    KeyPair fresh = Keys.generate();
    Path next = directory.resolve("next.pair");
    replace(next, Keys.publicText(fresh.getPublic()) + "\n" + Keys.privateText(fresh.getPrivate()));
    SignedEnvelope change = KeyChange.sign(current, fresh.getPublic(), clock.instant());
    Path folder = Files.createDirectories(directory.resolve("changes"));
    replace(
        folder.resolve(String.format(java.util.Locale.ROOT, "%04d.json", changes.size() + 1)),
        new String(change.toJson(), StandardCharsets.UTF_8));
    install(directory, fresh);
    Files.delete(next);
    String old = Keys.id(current.getPublic());
    List<SignedEnvelope> more = new ArrayList<>(changes);
    more.add(change);
    current = fresh;
    changes = List.copyOf(more);
    log.info("Key {} is replaced by {}; back up [{}]", old, Keys.id(fresh.getPublic()), directory);
    return change;
  }

  private static void install(Path directory, KeyPair pair) throws IOException {
    replace(directory.resolve("deployment.pub"), Keys.publicText(pair.getPublic()));
    replace(directory.resolve("deployment.key"), Keys.privateText(pair.getPrivate()));
  }

  private static boolean trusts(SignedEnvelope change, KeyPair pair) throws IOException {
    try {
      return KeyChange.parse(change).trust().equals(pair.getPublic());
    } catch (DeploymentException e) {
      throw new IOException("change of key cannot be read: " + e.getMessage(), e);
    }
  }

  private static KeyPair pair(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    try {
      return SigningKey.pair(lines.get(0), lines.get(1));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException(
          "next key ["
              + file
              + "] is damaged; delete it, and the newest file of [changes] too where that leads to"
              + " another key than deployment.pub (no gateway has it yet); then change the key anew",
          e);
    }
  }

  private static List<SignedEnvelope> read(Path folder) throws IOException {
    List<SignedEnvelope> changes = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return changes;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      try {
        changes.add(SignedEnvelope.parse(Files.readAllBytes(file)));
      } catch (DeploymentException e) {
        throw new IOException(
            "change of key [" + file + "] cannot be read; restore it from a backup", e);
      }
    }
    return changes;
  }

  /** Whole or not at all, on the disk when this returns, for the owner only. */
  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Secrets.createPrivate(fresh);
    Files.writeString(fresh, text + "\n", StandardOpenOption.SYNC);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(directoryOf(file), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static Path directoryOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of(".") : parent;
  }
}
