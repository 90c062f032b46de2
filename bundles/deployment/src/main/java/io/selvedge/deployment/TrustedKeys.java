package io.selvedge.deployment;

import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.protocol.deployment.Keys;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The public keys in {@code conf/trust/*.pub}, read anew each time, so that a key that was put
 * there or taken away counts at once. A file that is no key is passed over and reported once.
 */
final class TrustedKeys {

  private final Path directory;
  private final Events events;
  private final Set<String> reported = new HashSet<>();

  TrustedKeys(Path directory, Events events) {
    this.directory = directory;
    this.events = events;
  }

  synchronized List<PublicKey> read() {
    List<PublicKey> keys = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return keys;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pub")) {
      for (Path file : files) {
        try {
          keys.add(Keys.publicKey(Files.readString(file)));
        } catch (IOException | IllegalArgumentException e) {
          report(file, e);
        }
      }
    } catch (IOException e) {
      report(directory, e);
    }
    return keys;
  }

  /** Which keys these are. */
  synchronized List<Deployments.Key> list() {
    List<Deployments.Key> keys = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pub")) {
        for (Path file : files) {
          add(file, keys);
        }
      } catch (IOException e) {
        report(directory, e);
      }
    }
    keys.sort(Comparator.comparing(Deployments.Key::file));
    return keys;
  }

  private void add(Path file, List<Deployments.Key> keys) {
    try {
      String id = Keys.id(Keys.publicKey(Files.readString(file)));
      keys.add(new Deployments.Key(id, file.getFileName().toString()));
    } catch (IOException | IllegalArgumentException e) {
      report(file, e);
    }
  }

  private void report(Path file, Exception why) {
    if (reported.add(file.toString())) {
      events.report(
          Event.Severity.WARNING,
          "deployment",
          "deployment.key_unreadable",
          "key file [" + file + "] is passed over: " + why.getMessage());
    }
  }
}
