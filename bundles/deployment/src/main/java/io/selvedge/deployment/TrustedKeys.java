package io.selvedge.deployment;

import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.KeyChange;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The public keys in {@code conf/trust/*.pub}, read anew each time, so that a key that was put
 * there or taken away counts at once. A file that is no key is passed over and reported once. Keys
 * that were revoked are noted in a file of their own and count no more, wherever they come back
 * from. Thread-safe.
 *
 * <p>A change of key is made in three steps, each old or new: the new key's file, the note that the
 * old one is revoked, the old key's files. After a power cut between them the same change, which
 * the hub offers at each connection, does what is left.
 */
final class TrustedKeys {

  private final Path directory;
  private final Path revokedFile;
  private final Disk disk;
  private final Events events;
  private final Set<String> reported = new HashSet<>();

  TrustedKeys(Path directory, Path revokedFile, Disk disk, Events events) {
    this.directory = directory;
    this.revokedFile = revokedFile;
    this.disk = disk;
    this.events = events;
  }

  synchronized List<PublicKey> read() {
    return List.copyOf(counting().values());
  }

  /** Where nobody can say which are revoked, none counts. */
  private Map<Path, PublicKey> counting() {
    try {
      Set<String> revoked = revoked();
      Map<Path, PublicKey> keys = files();
      keys.values().removeIf(key -> revoked.contains(Keys.id(key)));
      return keys;
    } catch (IOException e) {
      report(revokedFile, "cannot be read, and no key counts until it can: " + e);
      return Map.of();
    }
  }

  /** Which keys these are. */
  synchronized List<Deployments.Key> list() {
    List<Deployments.Key> keys = new ArrayList<>();
    counting()
        .forEach(
            (file, key) ->
                keys.add(new Deployments.Key(Keys.id(key), String.valueOf(file.getFileName()))));
    keys.sort(Comparator.comparing(Deployments.Key::file));
    return keys;
  }

  private Map<Path, PublicKey> files() {
    Map<Path, PublicKey> keys = new LinkedHashMap<>();
    if (!Files.isDirectory(directory)) {
      return keys;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pub")) {
      for (Path file : files) {
        try {
          keys.put(file, Keys.publicKey(Files.readString(file)));
        } catch (IOException | IllegalArgumentException e) {
          report(file, "is passed over: " + e.getMessage());
        }
      }
    } catch (IOException e) {
      report(directory, "is passed over: " + e.getMessage());
    }
    return keys;
  }

  private Set<String> revoked() throws IOException {
    return Files.exists(revokedFile)
        ? new TreeSet<>(Files.readAllLines(revokedFile, StandardCharsets.ISO_8859_1))
        : new TreeSet<>();
  }

  /**
   * Changes a key, where the change is signed with one that is trusted. One that was made before is
   * passed over.
   *
   * @return whether anything has changed
   * @throws DeploymentException who signed it is not trusted, or it was altered
   */
  synchronized boolean change(byte[] envelope) throws DeploymentException, IOException {
    SignedEnvelope signed = SignedEnvelope.parse(envelope);
    KeyChange known = KeyChange.parse(signed);
    List<PublicKey> trusted = read();
    boolean has = trusted.contains(known.trust());
    boolean hasOld = trusted.stream().anyMatch(key -> Keys.id(key).equals(known.revoke()));
    Set<String> revoked = revoked();
    String fresh = Keys.id(known.trust());
    boolean passed = has || revoked.contains(fresh); // made, and perhaps the next one, too
    if (!hasOld && passed && revoked.contains(known.revoke())) {
      deleteFiles(known.revoke());
      return false;
    }
    KeyChange change = KeyChange.verify(signed, trusted);
    if (revoked.contains(fresh)) {
      throw new DeploymentException(
          DeploymentException.Code.WRONG_KEY,
          "key [" + fresh + "] was revoked here before; it is not trusted again");
    }
    disk.replace(
        directory.resolve("hub-" + fresh + ".pub"),
        (Keys.publicText(change.trust()) + "\n").getBytes(StandardCharsets.UTF_8));
    revoked.add(change.revoke());
    disk.replace(revokedFile, String.join("\n", revoked).getBytes(StandardCharsets.UTF_8));
    deleteFiles(change.revoke());
    events.report(
        Event.Severity.WARNING,
        "deployment",
        "deployment.key_changed",
        "the hub's key ["
            + change.revoke()
            + "] is replaced by ["
            + fresh
            + "], as signed with the old one; the old one is revoked");
    return true;
  }

  private void deleteFiles(String id) throws IOException {
    List<Path> old = new ArrayList<>();
    files().forEach((file, key) -> old.addAll(Keys.id(key).equals(id) ? List.of(file) : List.of()));
    for (Path file : old) {
      disk.delete(file);
    }
  }

  private void report(Path file, String what) {
    if (reported.add(file.toString())) {
      events.report(
          Event.Severity.WARNING,
          "deployment",
          "deployment.key_unreadable",
          "key file [" + file + "] " + what);
    }
  }
}
