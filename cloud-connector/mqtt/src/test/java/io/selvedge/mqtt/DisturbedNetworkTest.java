package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Half-open links, long breaks, brokers that go and come back. */
class DisturbedNetworkTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private final List<AutoCloseable> open = new ArrayList<>();
  private Optional<FakeBroker> broker = Optional.empty();
  private Optional<FakeNetwork> network = Optional.empty();
  private Optional<TestGateway> gateway = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    FakeBroker made = new FakeBroker().start();
    open.add(made);
    broker = Optional.of(made);
    FakeNetwork between = new FakeNetwork(made.uri());
    open.add(between);
    network = Optional.of(between);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.ifPresent(TestGateway::close);
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private FakeNetwork network() {
    return network.orElseThrow();
  }

  private FakeBroker broker() {
    return broker.orElseThrow();
  }

  private TestGateway gateway(String brokers) {
    TestGateway made = new TestGateway(directory, brokers).with("keep.alive.seconds", 5);
    gateway = Optional.of(made);
    return made;
  }

  @Test
  void findsAnIdleLinkDeadByTheKeepAliveAndABusyOneInHalfTheTime() throws Exception {
    TestGateway running = gateway(network().uri()).start();
    running.awaitConnected();
    network().set(FakeNetwork.State.SWALLOWS);
    await(
        "loss of the idle link",
        Duration.ofSeconds(20),
        () -> running.uplink().status().reason().contains("nothing came for"));
    network().set(FakeNetwork.State.OPEN);
    running.awaitConnected();
    network().set(FakeNetwork.State.SWALLOWS);
    running.send(1, 100);
    await(
        "loss of the busy link",
        Duration.ofSeconds(15),
        () -> running.uplink().status().reason().contains("nothing was acknowledged"));
    network().set(FakeNetwork.State.OPEN);
    await("delivery", () -> broker().records.size() == 1);
    assertThat(running.uplink().status().dropped()).isEmpty();
  }

  /** However the network was away: the pause between attempts does not grow with the break. */
  @Test
  void sendsSoonAfterTheNetworkIsBack() throws Exception {
    for (FakeNetwork.State away :
        new FakeNetwork.State[] {FakeNetwork.State.CLOSES, FakeNetwork.State.SWALLOWS}) {
      TestGateway running = gateway(network().uri()).start();
      running.awaitConnected();
      network().set(away);
      network().reset();
      await("loss", () -> !running.uplink().status().connected());
      int before = network().connects.get();
      running.send(1, 100);
      await("attempts", () -> network().connects.get() >= before + 4);
      broker().records.clear();
      network().set(FakeNetwork.State.OPEN);
      // some 1.5 s where the machine has time for it
      await("delivery", Duration.ofSeconds(8), () -> !broker().records.isEmpty());
      running.close();
    }
  }

  @Test
  void startsWithoutANetworkAndPutsNothingAsideForIt() throws Exception {
    network().set(FakeNetwork.State.SWALLOWS);
    TestGateway running = gateway(network().uri()).start();
    running.send(1, 100);
    await("reason", () -> running.uplink().status().reason().contains("does not answer"));
    network().set(FakeNetwork.State.OPEN);
    await("delivery", () -> broker().records.size() == 1);
    assertThat(running.uplink().status().dropped()).isEmpty();
  }

  @Test
  void goesToTheSecondBrokerAndComesBackToTheFirst() throws Exception {
    try (FakeBroker second = new FakeBroker().start()) {
      TestGateway running =
          gateway(network().uri() + "," + second.uri())
              .with("first.broker.again.seconds", 3) // by then it takes connections again
              .start();
      running.awaitConnected();
      assertThat(running.uplink().status().endpoint()).isEqualTo(network().uri());
      network().set(FakeNetwork.State.CLOSES);
      network().reset();
      await("second broker", () -> running.uplink().status().endpoint().equals(second.uri()));
      running.awaitConnected();
      network().set(FakeNetwork.State.OPEN);
      await("first broker", () -> running.uplink().status().endpoint().equals(network().uri()));
      running.awaitConnected();
      assertThat(running.events("uplink.renewed")).isEqualTo(1);
    }
  }
}
