package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    ExecutorService threads = Executors.newFixedThreadPool(5);
    Rules rules = new Rules();
    try {
      // side by side: they mostly wait
      Future<Scenarios.Life> life = threads.submit(() -> Scenarios.life(in("life")));
      Future<Scenarios.Aliased> aliased = threads.submit(() -> Scenarios.aliased(in("aliased")));
      Future<Scenarios.Hosted> hosted = threads.submit(() -> Scenarios.hosted(in("hosted")));
      Future<Trace> servers = threads.submit(() -> Scenarios.servers(in("servers")));
      Future<Trace> complex = threads.submit(() -> Scenarios.complex(in("complex")));
      rules
          .addAll(ComplexRules.of(complex.get()))
          .addAll(TopicRules.of(life.get()))
          .addAll(SessionRules.of(life.get(), aliased.get()))
          .addAll(PayloadRules.of(life.get(), aliased.get()))
          .addAll(SessionRules.of(hosted.get()))
          .addAll(SessionRules.ofServers(servers.get()));
    } finally {
      threads.shutdownNow();
    }
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

  private static Path in(String folder) {
    return directory.resolve(folder);
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
