package io.selvedge.protocol.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentException.Code;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What format 2 adds; the example of docs/protocol.md is the first test's. */
class DocumentFormatTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String SHA = "ab".repeat(32);
  private static final String LIST = "cd".repeat(32);

  private static final String FULL =
      """
      {"format": 2, "group": "line-a", "revision": 4,
       "issued": "2026-03-01T00:00:00Z", "expires": "2026-03-31T00:00:00Z",
       "minimum_runtime": "0.1.0", "rollout": "r-17", "window": {"from": "22:00", "to": "05:00"},
       "artifacts": [{"kind": "MODEL", "name": "occupancy", "version": "2", "files": [
         {"path": "model.onnx", "sha256": "SHA", "size": 1048576,
          "media_type": "application/octet-stream",
          "blocks": {"size": 65536, "list_sha256": "LIST"},
          "url": "https://files.example/model.onnx"}]}],
       "trial": {
         "shadow": {"rows": 200, "seconds": 600, "min_agreement": 0.8},
         "live": {"rows": 100, "max_error_rate": 0.02, "max_latency_p99_ms": 50,
           "max_memory_mb": 256, "max_input_drift": 0.3, "max_output_drift": 0.2,
           "min_accuracy": 0.9, "min_labels": 50}}}
      """
          .replace("SHA", SHA)
          .replace("LIST", LIST);

  @Test
  void everyFieldIsReadAndWrittenAsItWas() throws Exception {
    DeploymentDocument read = DeploymentDocument.parse(FULL.getBytes(UTF_8));

    assertThat(read.target()).isEqualTo(Target.group("line-a"));
    assertThat(read.minimumRuntime()).contains(new RuntimeVersion(0, 1, 0));
    assertThat(read.rollout()).contains("r-17");
    assertThat(read.window()).contains(new Window(LocalTime.of(22, 0), LocalTime.of(5, 0)));
    assertThat(read.source(new Artifact.File("model.onnx", SHA, 1048576)))
        .isEqualTo(
            new Source(
                "application/octet-stream",
                Optional.of(new Source.Blocks(65536, LIST)),
                Optional.of("https://files.example/model.onnx")));
    Trial.Shadow shadow = read.trial().orElseThrow().shadow().orElseThrow();
    assertThat(shadow.rows()).isEqualTo(OptionalLong.of(200));
    assertThat(shadow.seconds()).isEqualTo(OptionalLong.of(600));
    assertThat(shadow.conditions().minAgreement()).isEqualTo(OptionalDouble.of(0.8));
    Trial.Live live = read.trial().orElseThrow().live().orElseThrow();
    assertThat(live.seconds()).isEmpty();
    assertThat(live.conditions())
        .isEqualTo(
            new Trial.Conditions(
                OptionalDouble.of(0.02),
                OptionalDouble.of(50),
                OptionalDouble.of(256),
                OptionalDouble.empty(),
                OptionalDouble.of(0.3),
                OptionalDouble.of(0.2),
                OptionalDouble.of(0.9),
                OptionalLong.of(50)));
    assertThat(DeploymentDocument.parse(read.toJson())).isEqualTo(read);
  }

  @Test
  void formatOneIsReadStill() throws Exception {
    String old =
        "{\"format\":1,\"gateway\":\"gw-1\",\"revision\":4,\"issued\":\"2026-03-01T00:00:00Z\","
            + "\"expires\":\"2026-03-31T00:00:00Z\",\"artifacts\":[]}";

    DeploymentDocument read = DeploymentDocument.parse(old.getBytes(UTF_8));

    assertThat(read.target()).isEqualTo(Target.gateway("gw-1"));
    assertThat(read.trial()).isEmpty();
    assertThat(DeploymentDocument.parse(read.toJson())).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"group\": \"line-a\"|\"group\": \"line-a\", \"gateway\": \"gw-1\"|must not both be there",
        "\"group\": \"line-a\"|\"groups\": \"line-a\"|gateway is missing",
        "line-a|../line|group [../line]",
        "\"0.1.0\"|\"newest\"|runtime version [newest]",
        "\"0.1.0\"|1|minimum_runtime [1] must be a text",
        "r-17|r 17|rollout [r 17]",
        "22:00|25:00|window.from [25:00]",
        "05:00|22:00|must have two different ends",
        "\"to\"|\"until\"|window.until is not known",
        "application/octet-stream|binary|media_type [binary]",
        "65536|65537|blocks.size [65537]",
        "65536|512|blocks.size [512]",
        "cdcd|CDCD|list_sha256",
        "https:|file:|url [file://files.example/model.onnx]",
        "\"shadow\"|\"shade\"|trial.shade is not known",
        "min_agreement|min_agrement|trial.shadow.min_agrement is not known",
        "0.8|1.8|min_agreement [1.8]",
        "0.02|-0.02|max_error_rate [-0.02]",
        "0.3|-1|max_input_drift [-1.0]",
        "0.9|\"high\"|min_accuracy [high] must be a number",
        "\"rows\": 100|\"rows\": 0|trial.live.rows [0]",
        "\"rows\": 100, |''|trial.live must say rows, seconds or both",
      })
  void saysWhatIsWrong(String what, String instead, String says) {
    assertThat(FULL).contains(what);
    byte[] json = FULL.replace(what, instead.replace("''", "")).getBytes(UTF_8);

    assertThatThrownBy(() -> DeploymentDocument.parse(json))
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code()).isEqualTo(Code.MALFORMED))
        .hasMessageContaining(says);
  }

  @Test
  void aTrialOfNothingIsRefused() {
    assertThatThrownBy(() -> new Trial(Optional.empty(), Optional.empty()))
        .hasMessageContaining("shadow, live or both");
  }

  @Test
  void aGroupsDocumentIsForItsMembersOnly() throws Exception {
    DeploymentDocument read = DeploymentDocument.parse(FULL.getBytes(UTF_8));
    RuntimeVersion runtime = RuntimeVersion.parse("0.1.0");

    read.requireFor(new Recipient("gw-1", Set.of("line-b", "line-a"), runtime), 3, NOW);

    // Not even for a gateway that has the group's name.
    assertThatThrownBy(
            () -> read.requireFor(new Recipient("line-a", Set.of("line-b"), runtime), 3, NOW))
        .isInstanceOfSatisfying(
            DeploymentException.class,
            e -> assertThat(e.code()).isEqualTo(Code.NOT_FOR_THIS_GATEWAY))
        .hasMessageContaining("group [line-a]")
        .hasMessageContaining("[line-b]");
  }

  @Test
  void anOlderRuntimeRefusesAndSaysBoth() throws Exception {
    DeploymentDocument read =
        DeploymentDocument.parse(FULL.replace("\"0.1.0\"", "\"0.10.0\"").getBytes(UTF_8));

    assertThatThrownBy(
            () ->
                read.requireFor(
                    new Recipient("gw-1", Set.of("line-a"), RuntimeVersion.parse("0.9.7")), 3, NOW))
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.code()).isEqualTo(Code.RUNTIME_TOO_OLD))
        .hasMessageContaining("[0.10.0]")
        .hasMessageContaining("[0.9.7]");
  }

  @Test
  void versionsAreComparedByNumber() {
    assertThat(RuntimeVersion.parse("0.10.0")).isGreaterThan(RuntimeVersion.parse("0.9.9"));
    assertThat(RuntimeVersion.parse("1.0")).isGreaterThan(RuntimeVersion.parse("0.99.99"));
    assertThat(RuntimeVersion.parse("0.1.0-SNAPSHOT")).isEqualTo(RuntimeVersion.parse("0.1"));
    assertThatThrownBy(() -> RuntimeVersion.parse("v1")).hasMessageContaining("[v1]");
  }

  @Test
  void aWindowMayGoOverMidnight() {
    Window night = new Window(LocalTime.of(22, 0), LocalTime.of(5, 0));
    assertThat(night.contains(LocalTime.of(22, 0))).isTrue();
    assertThat(night.contains(LocalTime.of(4, 59))).isTrue();
    assertThat(night.contains(LocalTime.of(5, 0))).isFalse();
    assertThat(night.contains(LocalTime.NOON)).isFalse();
    Window day = new Window(LocalTime.of(8, 0), LocalTime.of(17, 0));
    assertThat(day.contains(LocalTime.NOON)).isTrue();
    assertThat(day.contains(LocalTime.of(17, 0))).isFalse();
  }

  @Test
  void sourcesDoNotChangeWhatAnArtifactIs() throws Exception {
    DeploymentDocument read = DeploymentDocument.parse(FULL.getBytes(UTF_8));

    DeploymentDocument bare = read.with(Map.of());

    assertThat(bare.artifacts()).isEqualTo(read.artifacts());
    assertThat(new String(bare.toJson(), UTF_8)).doesNotContain("media_type", "blocks", "url");
    assertThat(DeploymentDocument.toJson(read.artifacts()).toString())
        .doesNotContain("media_type", "blocks", "url");
    assertThat(List.of(bare.source(read.artifacts().get(0).files().get(0))))
        .containsExactly(Source.PLAIN);
  }
}
