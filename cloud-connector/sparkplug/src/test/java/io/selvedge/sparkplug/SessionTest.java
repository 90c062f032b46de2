package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Deliveries;
import io.selvedge.api.uplink.Deliveries.Delivery;
import io.selvedge.api.uplink.Message;
import io.selvedge.sparkplug.Packet.Publish;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.Metric;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Sessions over a real broker, with everything that happens to links. */
@EnabledIf("isBrokerThere")
class SessionTest {

  @TempDir Path directory;

  private final FakeDevices devices =
      new FakeDevices()
          .put("boiler", State.UP, Channel.decimal("temperature", "Cel"))
          .measure("boiler", "temperature", Value.of(60.0), Instant.now());
  private Mosquitto broker;
  private WireTap tap;
  private TestNode node;

  static boolean isBrokerThere() {
    return Mosquitto.isInstalled();
  }

  @BeforeEach
  void begin() throws Exception {
    broker = new Mosquitto(directory.resolve("broker")).start();
    tap = new WireTap(broker.port());
    node = new TestNode(directory, devices, tap.uri());
  }

  @AfterEach
  void end() throws Exception {
    node.stop();
    tap.close();
    broker.kill();
  }

  @Test
  void whatWaitedGoesOutAfterTheBirthsInItsOrderAndAsHistorical() throws Exception {
    broker.kill();
    node.start();
    backlog(300);
    broker.start();
    node.awaitSession();
    row(300);
    node.awaitDelivered();

    awaitPublished("DDATA", 301);
    assertThat(tap.published(packet -> true).get(0).type()).isEqualTo("NBIRTH");
    assertThat(tap.published(packet -> true).get(1).type()).isEqualTo("DBIRTH");
    List<Metric> data =
        tap.published("DDATA").stream().map(packet -> packet.parsed().metrics().get(0)).toList();
    assertThat(data).hasSize(301);
    assertThat(data.stream().filter(Metric::historical))
        .hasSize(300)
        .extracting(metric -> metric.content().orElseThrow())
        .containsExactlyElementsOf(
            IntStream.range(0, 300).<Content>mapToObj(Content.Double64::new).toList());
    assertThat(data.stream().filter(metric -> !metric.historical()))
        .singleElement()
        .satisfies(metric -> assertThat(metric.content()).contains(new Content.Double64(300)));
  }

  @Test
  void theNewestOvertakesWhatWaitedAndIsSentOnce() throws Exception {
    broker.kill();
    node.with("window", 2).start();
    backlog(5000);
    Runnable goOn = tap.holdAt("DDATA");
    broker.start();
    node.awaitSession();
    row(7000); // however fast the rest would go
    goOn.run();
    node.awaitDelivered();

    awaitPublished("DDATA", 5001);
    List<Metric> data =
        tap.published("DDATA").stream().map(packet -> packet.parsed().metrics().get(0)).toList();
    assertThat(data).hasSize(5001);
    List<Metric> current = data.stream().filter(metric -> !metric.historical()).toList();
    assertThat(current)
        .singleElement()
        .satisfies(metric -> assertThat(metric.content()).contains(new Content.Double64(7000)));
    assertThat(data.indexOf(current.get(0))).isLessThan(5000);
    assertThat(node.uplink().status().delivered()).isEqualTo(5001);
    Deliveries ledger = node.uplink().deliveries().orElseThrow();
    assertThat(ledger.sums().stream().mapToLong(Deliveries.Sum::messages).sum()).isEqualTo(5001);
    List<Delivery> traces = ledger.newest(Optional.empty(), Long.MAX_VALUE, 6000);
    assertThat(traces.stream().map(Delivery::record).distinct()).hasSize(5001);
    assertThat(traces)
        .hasSize(5001)
        .allSatisfy(
            trace -> {
              assertThat(trace.app() + '/' + trace.resource()).isEqualTo("DATA-V1/boiler");
              assertThat(trace.measurements()).isEqualTo(1);
              assertThat(trace.bytes()).isPositive();
              Instant sent = trace.sent().orElseThrow();
              assertThat(trace.accepted().orElseThrow()).isBeforeOrEqualTo(sent);
              assertThat(sent).isBeforeOrEqualTo(trace.delivered());
            });
  }

  @Test
  void whatWasUnderWayWhenTheLinkBrokeIsSentAgain() throws Exception {
    node.start();
    node.awaitSession();
    tap.swallow(true);
    for (int i = 0; i < 50; i++) {
      row(i);
    }
    Await.until("records under way", () -> tap.swallowed() == 50);
    assertThat(node.uplink().status().pending()).isEqualTo(50);
    tap.cut();
    tap.swallow(false);
    node.awaitDelivered();

    assertThat(node.uplink().status().delivered()).isEqualTo(50);
    List<Deliveries.Sum> sums = node.uplink().deliveries().orElseThrow().sums();
    assertThat(sums.stream().mapToLong(Deliveries.Sum::messages).sum()).isEqualTo(50);
    assertThat(
            tap.published("DDATA").stream()
                .map(packet -> packet.parsed().metrics().get(0).timestamp().getAsLong())
                .distinct())
        .hasSize(50);
  }

  @Test
  void aRestartSendsWhatWasNotDeliveredAndCountsSessionsOn() throws Exception {
    broker.kill();
    node.start();
    row(1);
    node.stop();
    broker.start();
    node.start();
    node.awaitSession();
    node.awaitDelivered();

    awaitPublished("DDATA", 1);
    assertThat(tap.published("DDATA")).hasSize(1);
    node.stop();
    List<Long> before = bdSeqs();
    node.start();
    awaitPublished("NBIRTH", before.size() + 1);
    assertThat(bdSeqs()).hasSize(before.size() + 1);
    assertThat(bdSeqs().get(before.size())).isEqualTo(before.get(before.size() - 1) + 1);
  }

  /** A bundle that is replaced meanwhile may be met half gone: the next session is tried. */
  @Test
  void anErrorEndsOneSessionAndNotTheConnection() throws Exception {
    devices.fail(new NoClassDefFoundError("io/selvedge/Gone"));

    node.start();

    awaitPublished("NBIRTH", 1);
    node.awaitSession();
  }

  @Test
  void anUnreachableBrokerUsesUpNoSessionNumber() throws Exception {
    broker.kill();
    tap.close();
    node.start();
    Await.until("attempts", () -> !node.events.messages("sparkplug.disconnected").isEmpty());
    Await.pause(1500);
    node.stop();
    broker.start();
    tap = new WireTap(broker.port());
    node = new TestNode(directory, devices, tap.uri()).start();

    awaitPublished("NBIRTH", 1);
    assertThat(bdSeqs().get(0)).isLessThanOrEqualTo(1);
  }

  @Test
  void recordsThatNoSparkplugCanCarryBecomeDeadLettersAndTheOthersGoOn() throws Exception {
    node.with("largest.message.kib", 1).start();
    node.awaitSession();
    node.row("boiler", Instant.now(), Map.of("note", Value.of("x".repeat(2000))));
    node.row("a/b", Instant.now(), Map.of("temperature", Value.of(1.0)));
    row(1);
    node.awaitDelivered();

    assertThat(node.uplink().status().dropped()).containsEntry("refused", 2L);
    assertThat(node.uplink().status().delivered()).isEqualTo(1);
    assertThat(node.events.messages("sparkplug.dead_letter"))
        .anySatisfy(message -> assertThat(message).contains("raise largest.message.kib"))
        .anySatisfy(message -> assertThat(message).contains("device id [a/b] must not"));
  }

  /** Rows that are accepted when this returns. */
  private void backlog(int rows) {
    List<CompletionStage<Long>> accepted = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      accepted.add(
          node.uplink()
              .send(
                  Message.of(
                      "DATA-V1",
                      "boiler",
                      Instant.now(),
                      Map.of("temperature", Value.of(1.0 * i)))));
    }
    accepted.forEach(one -> one.toCompletableFuture().join());
  }

  private void row(int second) {
    node.row(
        "boiler", Instant.now().plusMillis(second), Map.of("temperature", Value.of(1.0 * second)));
  }

  /** The node has sent it; what is on the link may see it a moment later. */
  private void awaitPublished(String type, int count) {
    Await.until(count + " " + type, () -> tap.published(type).size() >= count);
  }

  private List<Long> bdSeqs() {
    return tap.published("NBIRTH").stream().map(SessionTest::bdSeq).toList();
  }

  private static long bdSeq(Publish birth) {
    return birth.parsed().metrics().stream()
        .filter(metric -> metric.name().orElse("").equals("bdSeq"))
        .map(metric -> (Content.Int64) metric.content().orElseThrow())
        .findFirst()
        .orElseThrow()
        .bits();
  }
}
