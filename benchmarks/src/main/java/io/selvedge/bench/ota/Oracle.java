package io.selvedge.bench.ota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Knows what was signed and looks from outside at what a gateway says that it runs, and at its
 * disk: the whole of the old deployment or the whole of the new one, and nothing else, ever.
 */
final class Oracle {

  /** What was in the configuration's file before the first deployment. */
  static final String BEFORE = "# mine \r\nnumber = 0\n\n";

  /** Numbers from here on were never signed by the hub. */
  static final int FORGED = 666;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Hub hub;
  private final Path instance;
  private final Set<Long> possible = new HashSet<>(Set.of(0L));
  private final List<String> found = new ArrayList<>();
  private final List<String> neither = new ArrayList<>();
  private final List<String> unsigned = new ArrayList<>();
  private final List<String> other = new ArrayList<>();
  private final List<String> stuck = new ArrayList<>();
  private final Set<String> altered = new HashSet<>();

  Oracle(Hub hub, Path instance) {
    this.hub = hub;
    this.instance = instance;
  }

  /** One line of the probe. */
  record Runs(String revision, String state, String model, String flow, String bundles) {

    static Runs parse(String line) {
      String[] words = line.split(" ", -1);
      return new Runs(words[1], words[2], words[3], words[4], words[5]);
    }

    boolean isFinal() {
      return Set.of("ACTIVE", "REFUSED", "REVERTED", "NONE").contains(state);
    }

    long number() {
      return revision.equals("-") ? -1 : Long.parseLong(revision);
    }
  }

  /** It may be live from now on. */
  void desired(long revision) {
    possible.add(revision);
  }

  /** Whether that is one whole deployment that may be live; what must never be is noted. */
  boolean isWhole(Runs runs) throws IOException {
    String conf = configuration();
    requireSigned(runs, conf);
    Optional<Map<Artifact.Kind, Integer>> numbers =
        runs.number() == 0 ? Optional.of(Map.of()) : hub.numbers(runs.number());
    return numbers.isPresent()
        && possible.contains(runs.number())
        && runs.model().equals(text(numbers.get(), Artifact.Kind.MODEL))
        && runs.flow().equals(text(numbers.get(), Artifact.Kind.FLOW))
        && runs.bundles().equals(text(numbers.get(), Artifact.Kind.BUNDLE))
        && conf.equals(
            Optional.ofNullable(numbers.get().get(Artifact.Kind.CONFIGURATION))
                .map(Hub::configuration)
                .orElse(BEFORE));
  }

  /** What is live now, as it was seen. */
  void seen(Runs runs) throws IOException {
    Set<Long> kept = previous();
    kept.retainAll(possible);
    // What is newer may still be on its way: it was accepted, and its envelope is on the disk.
    possible.removeIf(revision -> revision < runs.number());
    possible.add(runs.number());
    possible.addAll(kept);
  }

  /** The one before, where what is live has yet to prove itself: it may be taken back. */
  private Set<Long> previous() throws IOException {
    Path current = instance.resolve("data/deployment/current.json");
    Set<Long> previous = new HashSet<>();
    if (Files.exists(current)) {
      JsonNode is = JSON.readTree(current.toFile());
      if (is.has("trial") || Files.exists(current.resolveSibling("unproven"))) {
        previous.add(is.path("previous").path("revision").asLong());
      }
    }
    return previous;
  }

  /** A file was altered on purpose; it is looked at no more. */
  void altered(String sha256) {
    altered.add(sha256);
  }

  private static String text(Map<Artifact.Kind, Integer> numbers, Artifact.Kind kind) {
    return Optional.ofNullable(numbers.get(kind)).map(String::valueOf).orElse("-");
  }

  private void requireSigned(Runs runs, String conf) {
    String forged = Integer.toString(FORGED);
    if (List.of(runs.model(), runs.flow(), runs.bundles()).contains(forged)
        || conf.contains(forged)) {
      note(unsigned, "unsigned: " + runs + " with " + conf.strip());
    }
  }

  /** What stands in its file now. */
  String configuration() throws IOException {
    Path file = Hub.configurationFile(instance.resolve("conf"));
    return Files.exists(file) ? Files.readString(file) : "";
  }

  void neither(String what) {
    note(neither, "neither old nor new: " + what);
  }

  /** What the hub desired did not go through, though nothing was in its way any more. */
  void stuck(String what) {
    note(stuck, "did not go through: " + what);
  }

  /** Looks at the disk of a gateway that is down. */
  void inspect() throws IOException {
    Path current = instance.resolve("data/deployment/current.json");
    if (Files.exists(current)) {
      JsonNode live = JSON.readTree(current.toFile()).path("live");
      long revision = live.path("revision").asLong();
      JsonNode signed = DeploymentDocument.toJson(hub.artifacts(revision));
      if (!live.path("artifacts").toString().equals(signed.toString())) {
        note(
            unsigned,
            "unsigned: current.json of revision " + revision + " names " + live.path("artifacts"));
      }
      requireFiles(revision);
    }
    requireBlobs();
  }

  private void requireFiles(long revision) throws IOException {
    Path root = instance.resolve("data/artifacts");
    for (Artifact artifact : hub.artifacts(revision)) {
      for (Artifact.File file : artifact.files()) {
        boolean there = false;
        for (Path path : find(root, file.path())) {
          there |= Hub.sha256(Files.readAllBytes(path)).equals(file.sha256());
        }
        if (!there && !altered.contains(file.sha256())) {
          note(
              other,
              "file " + file.path() + " of " + artifact.name() + " is not on the disk whole");
        }
      }
    }
  }

  private void requireBlobs() throws IOException {
    Path blobs = instance.resolve("data/artifacts/blobs");
    for (Path blob : find(blobs, "")) {
      String name = String.valueOf(blob.getFileName());
      if (name.matches("[0-9a-f]{64}")
          && !altered.contains(name)
          && !Hub.sha256(Files.readAllBytes(blob)).equals(name)) {
        note(other, "file " + name + " of the store is not what its name says");
      }
    }
  }

  /** Files of that name, or all. */
  static List<Path> find(Path root, String name) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile)
          .filter(path -> name.isEmpty() || path.getFileName().toString().equals(name))
          .toList();
    }
  }

  private void note(List<String> kind, String what) {
    kind.add(what);
    found.add(what);
  }

  /** All of them, in the order in which they were found. */
  List<String> found() {
    return List.copyOf(found);
  }

  List<String> neither() {
    return neither;
  }

  List<String> unsigned() {
    return unsigned;
  }

  List<String> other() {
    return other;
  }

  List<String> stuck() {
    return stuck;
  }
}
