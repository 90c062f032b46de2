package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every rule of the Sparkplug specification 3.0.0 that concerns an edge node, by its identifier,
 * over what the node sends to a real broker. The list of rules is {@code edge-node-rules.txt}; a
 * rule that cannot be asserted here says there why.
 */
@EnabledIf("isBrokerThere")
class ConformanceTest {

  private static final String REASON = " | not here: ";

  @TempDir static Path directory;

  static boolean isBrokerThere() {
    return Mosquitto.isInstalled();
  }

  @TestFactory
  Stream<DynamicTest> rule() throws Exception {
    Scenarios.Life life = Scenarios.life(directory.resolve("life"));
    Scenarios.Aliased aliased = Scenarios.aliased(directory.resolve("aliased"));
    Rules rules =
        new Rules()
            .addAll(TopicRules.of(life))
            .addAll(SessionRules.of(life, aliased))
            .addAll(PayloadRules.of(life, aliased))
            .addAll(SessionRules.of(Scenarios.hosted(directory.resolve("hosted"))))
            .addAll(SessionRules.ofServers(Scenarios.servers(directory.resolve("servers"))));
    Map<String, String> listed = listed();
    Stream<DynamicTest> complete =
        Stream.of(
            DynamicTest.dynamicTest(
                "the list and the assertions are of the same rules",
                () ->
                    assertThat(rules.byId().keySet())
                        .containsExactlyInAnyOrderElementsOf(
                            listed.entrySet().stream()
                                .filter(entry -> !entry.getValue().contains(REASON))
                                .map(Map.Entry::getKey)
                                .toList())));
    return Stream.concat(
        complete,
        rules.byId().entrySet().stream()
            .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> entry.getValue().check())));
  }

  @Test
  void whatIsNotAssertedHasAReason() throws Exception {
    List<String> reasons =
        listed().values().stream()
            .filter(text -> text.contains(REASON))
            .map(text -> text.substring(text.indexOf(REASON) + REASON.length()))
            .toList();

    assertThat(reasons).isNotEmpty().allMatch(reason -> reason.length() > 10);
  }

  /** Text by identifier. */
  private static Map<String, String> listed() throws Exception {
    Map<String, String> listed = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(ConformanceTest.class.getResourceAsStream("/edge-node-rules.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          int bar = line.indexOf(" | ");
          assertThat(line).as("a line is ID | TEXT").matches("tck-id-[A-Za-z0-9_-]+ \\| .+");
          String before = listed.put(line.substring(0, bar), line.substring(bar));
          assertThat(before).as(line).isNull();
        }
      }
    }
    return listed;
  }
}
