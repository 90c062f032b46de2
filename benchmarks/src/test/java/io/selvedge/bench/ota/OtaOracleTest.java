package io.selvedge.bench.ota;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.bench.ota.Oracle.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An oracle that finds nothing would prove nothing. */
class OtaOracleTest {

  @TempDir Path directory;
  private Hub hub;
  private Path instance;
  private Oracle oracle;

  @BeforeEach
  void oneIsDesired() throws IOException {
    hub = new Hub(directory.resolve("hub"));
    instance = directory.resolve("instance");
    Gateway.prepare(instance, hub.publicKey());
    oracle = new Oracle(hub, instance);
    hub.desire(1, all(7), Optional.empty());
    oracle.desired(1);
  }

  private static Map<Artifact.Kind, Integer> all(int number) {
    Map<Artifact.Kind, Integer> numbers = new EnumMap<>(Artifact.Kind.class);
    for (Artifact.Kind kind : Artifact.Kind.values()) {
      numbers.put(kind, number);
    }
    return numbers;
  }

  private void conf(int number) throws IOException {
    Files.writeString(Hub.configurationFile(instance.resolve("conf")), Hub.configuration(number));
  }

  private boolean whole(String line) throws IOException {
    return oracle.isWhole(Runs.parse("RUNS " + line));
  }

  @Test
  void oldIsWholeAndNewIsWholeAndNothingBetween() throws Exception {
    assertThat(whole("0 NONE - - -")).isTrue();
    assertThat(whole("1 ACTIVE 7 7 7")).as("the file is still the old one").isFalse();
    conf(7);
    assertThat(whole("1 ACTIVE 7 7 7")).isTrue();
    assertThat(whole("1 ACTIVE - 7 7")).isFalse();
    assertThat(whole("1 ACTIVE 7 6 7")).isFalse();
    assertThat(whole("1 ACTIVE 7 7 6+7")).isFalse();
    assertThat(whole("0 NONE - - -")).as("the file is the new one").isFalse();
    assertThat(whole("2 ACTIVE 7 7 7")).as("nobody signed it").isFalse();
    assertThat(oracle.unsigned()).isEmpty();
  }

  @Test
  void onceTheNewOneHasProvedItselfTheOldOneIsGoneForGood() throws Exception {
    disk("{\"live\":{\"revision\":1},\"previous\":{\"revision\":0},\"trial\":{}}");
    oracle.seen(Runs.parse("RUNS 1 TRIAL 7 7 7"));
    assertThat(whole("0 REVERTED - - -")).as("taken back to the last good one").isTrue();
    oracle.seen(Runs.parse("RUNS 1 REFUSED 7 7 7"));
    assertThat(whole("0 REVERTED - - -")).as("a newer one was refused meanwhile").isTrue();
    disk("{\"live\":{\"revision\":1},\"previous\":{\"revision\":0}}");
    Path unproven = Files.createFile(instance.resolve("data/deployment/unproven"));
    oracle.seen(Runs.parse("RUNS 1 ACTIVE 7 7 7"));
    assertThat(whole("0 REVERTED - - -")).as("it may not last").isTrue();
    Files.delete(unproven);
    oracle.seen(Runs.parse("RUNS 1 ACTIVE 7 7 7"));
    assertThat(whole("0 REVERTED - - -")).isFalse();
  }

  @Test
  void whatWasNotPossibleAnyMoreDoesNotComeBackByTheGatewaysWord() throws Exception {
    disk("{\"live\":{\"revision\":1},\"previous\":{\"revision\":0}}");
    oracle.seen(Runs.parse("RUNS 1 ACTIVE 7 7 7"));
    hub.desire(2, all(8), Optional.empty());
    oracle.desired(2);
    disk("{\"live\":{\"revision\":2},\"previous\":{\"revision\":0},\"trial\":{}}");
    oracle.seen(Runs.parse("RUNS 2 TRIAL 8 8 8"));
    assertThat(whole("0 REVERTED - - -")).isFalse();
  }

  private void disk(String current) throws IOException {
    Path file = instance.resolve("data/deployment/current.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, current);
  }

  @Test
  void whatAnotherSignedIsNotedWhereverItShows() throws Exception {
    boolean unused = whole("1 ACTIVE 666 7 7");
    assertThat(oracle.unsigned()).hasSize(1);
    conf(Oracle.FORGED);
    unused = whole("1 ACTIVE 7 7 7");
    assertThat(oracle.unsigned()).hasSize(2);
  }

  @Test
  void theDiskIsComparedWithWhatWasSigned() throws Exception {
    disk("{\"live\":{\"revision\":1,\"artifacts\":[]}}");
    Path blobs = Files.createDirectories(instance.resolve("data/artifacts/blobs"));
    Files.writeString(blobs.resolve("0".repeat(64)), "something else");
    oracle.inspect();
    assertThat(oracle.unsigned()).hasSize(1);
    assertThat(oracle.other()).anyMatch(it -> it.contains("not what its name says"));
    assertThat(oracle.other()).anyMatch(it -> it.contains("is not on the disk whole"));
  }
}
