package io.selvedge.bench.ota;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.bench.Jars;
import io.selvedge.bench.ota.probe.NumberedActivator;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The hub's side, in a directory that the probe reads: makes artifacts that tell their number,
 * signs deployments, and remembers what it has signed. A second key, which no gateway trusts, signs
 * what an attacker would.
 */
final class Hub {

  static final String GATEWAY = "ota";
  private static final String CFG = "selvedge.bench.ota.cfg";

  private final Path directory;
  private final KeyPair key = Keys.generate();
  private final KeyPair evil = Keys.generate();
  private final Map<Long, Map<Artifact.Kind, Integer>> signed = new HashMap<>();
  private final Map<Long, List<Artifact>> artifacts = new HashMap<>();

  Hub(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("blobs"));
  }

  Path directory() {
    return directory;
  }

  String publicKey() {
    return Keys.publicText(key.getPublic());
  }

  String evilKey() {
    return Keys.publicText(evil.getPublic());
  }

  /** Which numbers a revision has, by kind; empty where it was never signed. */
  Optional<Map<Artifact.Kind, Integer>> numbers(long revision) {
    return Optional.ofNullable(signed.get(revision));
  }

  List<Artifact> artifacts(long revision) {
    return artifacts.getOrDefault(revision, List.of());
  }

  /** Makes it the newest. */
  void desire(long revision, Map<Artifact.Kind, Integer> numbers, Optional<String> trial)
      throws IOException {
    signed.put(revision, new EnumMap<>(numbers));
    List<Artifact> made = new ArrayList<>();
    for (Map.Entry<Artifact.Kind, Integer> one : numbers.entrySet()) {
      made.add(artifact(one.getKey(), one.getValue()));
    }
    artifacts.put(revision, made);
    replace(directory.resolve("desired"), envelope(revision, made, trial, key));
  }

  /** What somebody else signed, with numbers of his own. */
  byte[] forged(long revision, int number) throws IOException {
    List<Artifact> made = new ArrayList<>();
    for (Artifact.Kind kind : Artifact.Kind.values()) {
      made.add(artifact(kind, number));
    }
    return envelope(revision, made, Optional.empty(), evil);
  }

  private static byte[] envelope(
      long revision, List<Artifact> artifacts, Optional<String> trial, KeyPair by) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    DeploymentDocument document =
        new DeploymentDocument(GATEWAY, revision, now, now.plus(1, ChronoUnit.DAYS), artifacts)
            .with(trial.map(t -> Trial.parse(Fields.parse("trial", t.getBytes(UTF_8)))));
    return SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), by).toJson();
  }

  private Artifact artifact(Artifact.Kind kind, int number) throws IOException {
    String version = Integer.toString(number);
    return switch (kind) {
      case MODEL -> model(version, number);
      case FLOW -> of(kind, version, Map.of("flow.json", flow(version)));
      case BUNDLE -> of(kind, version, Map.of("bundle.jar", bundle(version)));
      case CONFIGURATION -> of(kind, version, Map.of(CFG, configuration(number).getBytes(UTF_8)));
    };
  }

  private Artifact model(String version, int number) throws IOException {
    byte[] onnx = TinyOnnx.bytes(number);
    ModelManifest manifest =
        new ModelManifest(
            GATEWAY,
            version,
            ModelManifest.MODEL_FILE_NAME,
            sha256(onnx),
            onnx.length,
            "x",
            "y",
            List.of(FeatureSpec.last("x", "x")),
            List.of("y"),
            List.of(new ModelManifest.Golden(new float[] {2}, new float[] {2f * number})),
            1e-3,
            ModelManifest.Lineage.UNKNOWN);
    return of(
        Artifact.Kind.MODEL,
        version,
        Map.of(ModelManifest.FILE_NAME, manifest.toJson(), ModelManifest.MODEL_FILE_NAME, onnx));
  }

  private static byte[] flow(String version) {
    return ("{\"flow\":\"ota\",\"version\":\""
            + version
            + "\",\"inputs\":{\"x\":\"nothing/x\"},"
            + "\"features\":[{\"name\":\"x\",\"of\":\"x\",\"op\":\"last\"}],\"rules\":[]}")
        .getBytes(UTF_8);
  }

  private static byte[] bundle(String version) throws IOException {
    return Jars.bundle(
        Map.of(
            "Bundle-SymbolicName",
            "selvedge.bench.numbered",
            "Bundle-Version",
            version,
            "Bundle-Activator",
            NumberedActivator.class.getName(),
            NumberedActivator.HEADER,
            version,
            "Import-Package",
            "org.osgi.framework"),
        List.of(NumberedActivator.class));
  }

  static String configuration(int number) {
    return "# of a deployment\nnumber = " + number + "\n";
  }

  static Path configurationFile(Path conf) {
    return conf.resolve(CFG);
  }

  private Artifact of(Artifact.Kind kind, String version, Map<String, byte[]> contents)
      throws IOException {
    List<Artifact.File> files = new ArrayList<>();
    for (Map.Entry<String, byte[]> one : contents.entrySet()) {
      String digest = sha256(one.getValue());
      Path blob = directory.resolve("blobs").resolve(digest);
      if (Files.notExists(blob)) {
        replace(blob, one.getValue());
      }
      files.add(new Artifact.File(one.getKey(), digest, one.getValue().length));
    }
    return new Artifact(kind, GATEWAY, version, files);
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    Files.write(beside, bytes);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
