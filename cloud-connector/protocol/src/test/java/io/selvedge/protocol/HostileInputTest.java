package io.selvedge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.feature.FeatureOp;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes over the wire or lies in a file is read or refused in the way that is declared:
 * nothing else is thrown, or a thread that reads it would end.
 */
class HostileInputTest {

  private static final int ROUNDS = 3_000;
  private static final String[] PIECES = {
    "null",
    "{}",
    "[]",
    "[[[[",
    "\"",
    "-1",
    "1e999",
    "99999999999999999999",
    "NaN",
    "true",
    "\\u0000",
    ",",
    ":",
    "}",
    "]",
    "PT-1S",
    "P99999999999D",
    "\uD800",
    "../..",
    ""
  };

  private interface Reader {
    void read(byte[] bytes) throws Exception;
  }

  @Test
  void manifests() {
    ModelManifest manifest =
        new ModelManifest(
            "occupancy",
            "1",
            "model.onnx",
            "ab".repeat(32),
            1024,
            "x",
            "y",
            List.of(
                FeatureSpec.last("t", "t"),
                FeatureSpec.of("s", "t", FeatureOp.SLOPE, Duration.ofMinutes(10))),
            List.of("empty", "occupied"),
            List.of(new ModelManifest.Golden(new float[] {1, 2}, new float[] {0, 1})),
            1e-4,
            new ModelManifest.Lineage("office-1", "17", ""));
    int read = fuzz(manifest.toJson(), ModelManifest::parse, ModelException.class);
    assertThat(read).as("some changes are harmless").isGreaterThan(30);
  }

  @Test
  void documents() {
    Artifact artifact =
        new Artifact(
            Artifact.Kind.MODEL,
            "occupancy",
            "1",
            List.of(new Artifact.File("model.json", "ab".repeat(32), 1)));
    byte[] document =
        new DeploymentDocument(
                "gw-1", 4, Instant.EPOCH, Instant.EPOCH.plusSeconds(9), List.of(artifact))
            .toJson();
    int read = fuzz(document, DeploymentDocument::parse, DeploymentException.class);
    assertThat(read).as("some changes are harmless").isGreaterThan(30);
  }

  @Test
  void envelopesAndNoneOfThemIsBelieved() {
    var key = Keys.generate();
    byte[] envelope =
        SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, "{}".getBytes(UTF_8), key).toJson();
    Reader reader =
        bytes -> {
          SignedEnvelope read = SignedEnvelope.parse(bytes);
          read.verify(List.of(key.getPublic()));
          // Only where what was signed is unchanged.
          assertThat(read.payload()).isEqualTo("{}".getBytes(UTF_8));
          assertThat(read.payloadType()).isEqualTo(DeploymentDocument.PAYLOAD_TYPE);
        };
    fuzz(envelope, reader, DeploymentException.class);
  }

  /** Returns how many were read. */
  private static int fuzz(byte[] good, Reader reader, Class<? extends Exception> declared) {
    Random random = new Random(7);
    int read = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = i % 2 == 0 ? flip(good, random) : splice(good, random);
      try {
        reader.read(bytes);
        read++;
      } catch (Exception e) {
        if (!declared.isInstance(e) || e.getMessage() == null) {
          throw new AssertionError("[" + new String(bytes, UTF_8) + "] made " + e, e);
        }
      }
    }
    return read;
  }

  private static byte[] flip(byte[] good, Random random) {
    byte[] bytes = good.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /** Cuts a piece out and puts something else there. */
  private static byte[] splice(byte[] good, Random random) {
    String text = new String(good, UTF_8);
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + random.nextInt(20));
    String piece = PIECES[random.nextInt(PIECES.length)];
    return (text.substring(0, from) + piece + text.substring(to)).getBytes(UTF_8);
  }
}
