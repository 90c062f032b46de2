package io.selvedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A week of four flows on the shipped programs, as fast as it plays: gateway and hub with its
 * broker are killed in between, the link changes, budgets run out. Afterwards both ledgers agree.
 */
class DistributionWeekIT {

  private static final Path SOURCE = Path.of(System.getProperty("selvedge.test.source", ""));
  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
  private static final int ROWS = 7 * 24 * 6; // one in ten minutes
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final List<String> DEVICES = List.of("hall", "line", "yard", "dock");

  private static final Map<String, String> UPLOADS =
      Map.of(
          "hall",
          "{measurements: {policy: change, deadband: {t: 0.4}, priority: 3},"
              + " decisions: {policy: change, priority: 2}}",
          "line",
          "{measurements: {policy: all, budget: 20kB, beyond: drop}}",
          "yard",
          "{measurements: {policy: aggregate, every: PT1H, priority: 6}}",
          "dock",
          "{measurements: {policy: all, priority: 4, budget: 15kB, beyond: aggregate PT2H,"
              + " on_metered: aggregate PT1H}, decisions: {policy: all, priority: 7}}");

  @TempDir private Path directory;
  private final List<Server> servers = new ArrayList<>();
  private int hubPort;
  private int brokerPort;
  private int gatewayPort;

  @AfterEach
  void end() {
    servers.forEach(Server::close);
  }

  /** What one sender delivered of one application on one day. */
  private record Line(long messages, long measurements, long bytes, long first, long last) {
    Line plus(Line other) {
      return new Line(
          messages + other.messages,
          measurements + other.measurements,
          bytes + other.bytes,
          Math.min(first, other.first),
          Math.max(last, other.last));
    }
  }

  @Test
  void bothLedgersAgreeAfterAWeekOfKillsCutsAndEmptyBudgets() throws Exception {
    hubPort = Ports.free(18190, "hub", System.out);
    brokerPort = Ports.free(18383, "broker", System.out);
    gatewayPort = Ports.free(18290, "gateway", System.out);
    Api hub = startHub();
    JsonNode enrolment = new Hub(hub).enrol("gw-1");
    Path instance = directory.resolve("gateway");
    Instances.prepare(SOURCE, instance, "gw-1", enrolment);
    configure(instance.resolve("conf"));

    Api gateway = startGateway(instance);
    awaitRows(gateway, seen -> seen > ROWS);
    kill(instance);
    gateway = startGateway(instance); // plays the week again, on the same outbox
    awaitRows(gateway, seen -> seen > 2 * ROWS);
    kill(directory.resolve("hub"));
    link(gateway, "metered");
    awaitRows(gateway, seen -> seen > 3 * ROWS);
    link(gateway, "off"); // before the hub is back: all that was made since could be there at once
    hub = startHub();
    awaitFinished(gateway);
    assertThat(pending(gateway)).isPositive();
    link(gateway, "normal");
    awaitQuiet(gateway);

    JsonNode ledger = awaitAgreement(gateway, hub);
    Map<String, Line> delivered = delivered(ledger);
    assertThat(days(delivered)).hasSizeGreaterThanOrEqualTo(7);
    assertAddsUp(ledger, delivered);
    assertTraced(gateway, delivered);
  }

  private void configure(Path conf) throws IOException {
    Files.delete(conf.resolve("flows/office.flow.yaml"));
    Random random = new Random(7);
    for (String name : DEVICES) {
      StringBuilder csv = new StringBuilder("time,temperature,fan\n");
      double temperature = 20;
      for (int row = 0; row < ROWS; row++) {
        temperature += random.nextGaussian() * 0.3;
        csv.append(MONDAY.plus(Duration.ofMinutes(10L * row))).append(',');
        csv.append(Math.round(temperature * 100) / 100.0).append(',').append(row % 50 < 5);
        csv.append('\n');
      }
      Path file = Files.writeString(conf.resolve(name + ".csv"), csv);
      Files.writeString(
          conf.resolve("io.selvedge.driver.replay-" + name + ".cfg"),
          String.join(
              "\n",
              "device.id=" + name,
              "file=" + file,
              "time.column=time",
              "columns=temperature=temperature:Cel, fan=fan::flag",
              "speed=0",
              "rows.per.read=5",
              "interval.ms=50",
              ""));
      Files.writeString(
          conf.resolve("flows/" + name + ".flow.yaml"),
          """
          flow: %s
          version: "1"
          inputs: {t: %s/temperature, fan: %s/fan}
          rules:
            - name: fan
              when: inputs.fan
              do: [{alarm: info, text: the fan runs}]
          upload: %s
          """
              .formatted(name, name, name, UPLOADS.get(name)));
    }
  }

  private Api startHub() throws IOException, InterruptedException {
    Path data = directory.resolve("hub");
    Server server = Server.hub(SOURCE, data, hubPort, brokerPort);
    servers.add(server);
    server.awaitReady();
    server.api().authorise(Files.readString(data.resolve("auth/admin-token")).strip());
    return server.api();
  }

  private Api startGateway(Path instance) throws IOException, InterruptedException {
    Server server = Server.gateway(SOURCE, instance, gatewayPort);
    servers.add(server);
    server.awaitReady();
    Gateway.signIn(server.api(), Files.readString(instance.resolve("data/auth/sign-in")).strip());
    return server.api();
  }

  /** SIGKILL for the process that works in a directory. */
  private static void kill(Path data) {
    List<ProcessHandle> family =
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().commandLine().orElse("").contains(data.toString()))
            .toList();
    assertThat(family).isNotEmpty();
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(process -> process.onExit().join());
  }

  private static void link(Api gateway, String state) throws IOException, InterruptedException {
    gateway.post("/api/uplinks/hub/link", Api.object().put("link", state));
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).collect(Collectors.toList());
  }

  private static long seen(Api gateway) throws IOException, InterruptedException {
    return list(gateway.get("/api/distribution?days=70").path("flows")).stream()
        .filter(line -> line.path("stream").asText().equals("measurements"))
        .mapToLong(line -> line.path("seen").asLong())
        .sum();
  }

  private static void awaitRows(Api gateway, LongPredicate enough)
      throws IOException, InterruptedException {
    long[] last = {0};
    Waiting.until(
        PATIENCE,
        "rows",
        () -> {
          last[0] = seen(gateway);
          return enough.test(last[0]) ? Optional.of(true) : Optional.empty();
        },
        () -> last[0] + " rows");
  }

  private static void awaitFinished(Api gateway) throws IOException, InterruptedException {
    for (String device : DEVICES) {
      Waiting.until(
          PATIENCE,
          "end of the recording of " + device,
          () ->
              list(gateway.get("/api/devices/" + device).path("channels")).stream()
                      .anyMatch(
                          channel ->
                              channel.path("id").asText().equals("finished")
                                  && channel.path("value").asBoolean())
                  ? Optional.of(true)
                  : Optional.empty(),
          () -> "it plays");
    }
  }

  private static long pending(Api gateway) throws IOException, InterruptedException {
    return gateway.get("/api/status").path("uplink").path("pending").asLong(-1);
  }

  private static void awaitQuiet(Api gateway) throws IOException, InterruptedException {
    long[] last = {-1};
    Waiting.until(
        PATIENCE,
        "an empty outbox",
        () -> {
          last[0] = pending(gateway);
          return last[0] == 0 ? Optional.of(true) : Optional.empty();
        },
        () -> last[0] + " pending");
  }

  private static Map<String, Line> delivered(JsonNode ledger) {
    Map<String, Line> lines = new TreeMap<>();
    for (JsonNode sum : ledger.path("uplinks").get(0).path("delivered")) {
      lines.merge(
          String.join(
              " ",
              sum.path("from").asText().substring(0, 10),
              sum.path("source").asText(),
              sum.path("app").asText()),
          line(sum),
          Line::plus);
    }
    return lines;
  }

  private static Line line(JsonNode json) {
    return new Line(
        json.path("messages").asLong(),
        json.path("measurements").asLong(),
        json.path("bytes").asLong(),
        json.path("firstRecord").asLong(),
        json.path("lastRecord").asLong());
  }

  /**
   * The gateway's ledger as soon as the hub's says the same: the hub stores a moment after its
   * broker has taken a message, and the gateway may have sent one that tells of itself meanwhile.
   */
  private static JsonNode awaitAgreement(Api gateway, Api hub)
      throws IOException, InterruptedException {
    String[] last = {""};
    return Waiting.until(
        PATIENCE,
        "the same in both ledgers",
        () -> {
          JsonNode ledger = gateway.get("/api/distribution?days=70");
          Map<String, Line> delivered = delivered(ledger);
          Map<String, Line> stored = stored(hub);
          last[0] = "delivered " + delivered + ", stored " + stored;
          return stored.equals(delivered) ? Optional.of(ledger) : Optional.empty();
        },
        () -> last[0]);
  }

  private static Map<String, Line> stored(Api hub) throws IOException, InterruptedException {
    Map<String, Line> lines = new TreeMap<>();
    for (JsonNode one : hub.get("/api/v1/distribution?gateway=gw-1").path("distribution")) {
      lines.merge(
          String.join(
              " ", one.path("day").asText(), one.path("source").asText(), one.path("app").asText()),
          line(one),
          Line::plus);
    }
    return lines;
  }

  private static Set<String> days(Map<String, Line> lines) {
    return lines.keySet().stream()
        .map(key -> key.substring(0, 10))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertAddsUp(JsonNode ledger, Map<String, Line> delivered) {
    TreeSet<String> reasons = new TreeSet<>();
    Map<String, Long> accepted = new TreeMap<>();
    for (JsonNode line : ledger.path("flows")) {
      long stayed = 0;
      for (Map.Entry<String, JsonNode> reason : line.path("stayed").properties()) {
        stayed += reason.getValue().asLong();
        reasons.add(reason.getKey());
      }
      assertThat(sum(line, "sent", "merged", "gathering") + stayed)
          .as(line.toString())
          .isEqualTo(line.path("seen").asLong());
      for (JsonNode handed : line.path("handed")) {
        assertThat(sum(handed, "accepted", "refused", "lost", "waiting"))
            .isEqualTo(handed.path("made").asLong());
        accepted.merge(
            "flow/" + line.path("flow").asText(), handed.path("accepted").asLong(), Long::sum);
      }
    }
    assertThat(reasons).contains("unchanged", "policy", "budget");
    for (JsonNode source : ledger.path("uplinks").get(0).path("sources")) {
      String name = source.path("source").asText();
      assertThat(source.path("delivered").asLong() + source.path("pending").asLong())
          .as(name + " loses nothing")
          .isEqualTo(source.path("accepted").asLong());
      long single =
          delivered.entrySet().stream()
              .filter(line -> line.getKey().split(" ", -1)[1].equals(name))
              .mapToLong(line -> line.getValue().messages())
              .sum();
      assertThat(single).as(name).isEqualTo(source.path("delivered").asLong());
      // The kill took the last half minute of the flows' counts, but no message.
      assertThat(accepted.getOrDefault(name, 0L))
          .as(name)
          .isLessThanOrEqualTo(source.path("accepted").asLong());
    }
    assertThat(ledger.path("budgets")).hasSize(2);
  }

  private static long sum(JsonNode json, String... names) {
    long sum = 0;
    for (String name : names) {
      sum += json.path(name).asLong();
    }
    return sum;
  }

  /** Every message of the sums can be named. */
  private static void assertTraced(Api gateway, Map<String, Line> delivered)
      throws IOException, InterruptedException {
    Map<String, Long> named = new TreeMap<>();
    String after = "";
    do {
      JsonNode page = gateway.get("/api/distribution/messages?most=1000" + after);
      for (JsonNode message : page.path("messages")) {
        named.merge(
            String.join(
                " ",
                message.path("time").asText().substring(0, 10),
                message.path("source").asText(),
                message.path("app").asText()),
            1L,
            Long::sum);
      }
      after = page.has("next") ? "&after=" + page.path("next").asLong() : "";
    } while (!after.isEmpty());
    Map<String, Long> wanted = new TreeMap<>();
    delivered.forEach((key, line) -> wanted.put(key, line.messages()));
    assertThat(named).isEqualTo(wanted);
  }
}
