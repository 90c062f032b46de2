package io.selvedge.bench.uplink;

import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.Mosquitto;
import io.selvedge.bench.ProcessFacts;
import io.selvedge.bench.Sample;
import io.selvedge.bench.uplink.MqttPackets.Packet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.eclipse.paho.client.mqttv3.MqttException;

/** Messages a second, of a gateway and of bare clients in turns, on one broker. */
final class Throughput {

  private static final int[] WINDOWS = {10, 50, 100, 200, 500, 1000};
  private static final int WINDOW_ROUNDS = 3;
  private static final int CAPTURED = 1000;
  private static final int ROW = 10;

  private final Figures figures;
  private final Mosquitto broker;
  private final ProcessFacts gateway;
  private final SourceControl control;
  private final int rounds;
  private final int messages;
  private String topic = "";
  private List<byte[]> payloads = List.of();

  Throughput(
      Figures figures,
      Mosquitto broker,
      ProcessFacts gateway,
      SourceControl control,
      int rounds,
      int messages) {
    this.figures = figures;
    this.broker = broker;
    this.gateway = gateway;
    this.control = control;
    this.rounds = rounds;
    this.messages = messages;
  }

  /** One of a number of rounds. */
  private record Round(
      double paho, double pahoMicros, double raw, double gateway, double gatewayMicros) {}

  /** Takes what the gateway publishes for the bare clients, then lets all of them run in. */
  void warmUp() throws Exception {
    figures.progress("warming up");
    capture();
    for (int i = 0; i < 3; i++) {
      round(Configuration.WINDOW);
    }
  }

  private void capture() throws Exception {
    CountDownLatch subscribed = new CountDownLatch(1);
    try (RawClient client = new RawClient(broker.port(), "capture")) {
      CompletableFuture<List<Packet>> received =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return client.receive("+/bench/DATA-V1/#", CAPTURED, subscribed::countDown);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      subscribed.await();
      control.run("source", CAPTURED, 1, 0);
      List<Packet> packets = received.get();
      topic = packets.get(0).topic();
      payloads = packets.stream().map(Packet::payload).toList();
    }
  }

  void measure() throws Exception {
    List<Round> all = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      figures.progress("round " + (i + 1) + " of " + rounds);
      all.add(round(Configuration.WINDOW));
    }
    Sample raw = Sample.of(all, Round::raw);
    figures.tell("bare socket, window 100", raw.median(), "messages/s", raw.spread());
    Sample paho = Sample.of(all, Round::paho);
    figures.tell("bare Paho, window 100", paho.median(), "messages/s", paho.spread());
    Sample whole = Sample.of(all, Round::gateway);
    figures.tell("gateway, driver to acknowledged", whole.median(), "readings/s", whole.spread());
    Sample ratio = Sample.of(all, round -> round.gateway() / round.paho());
    figures.require("gateway / bare Paho", ratio.median(), "", Limit.atLeast(0.7), ratio.spread());
    Sample toRaw = Sample.of(all, round -> round.gateway() / round.raw());
    figures.tell("gateway / bare socket", toRaw.median(), "", toRaw.spread());
    Sample own = Sample.of(all, Round::pahoMicros);
    figures.tell("bare Paho, processor time of a message", own.median(), "us", own.spread());
    Sample micros = Sample.of(all, Round::gatewayMicros);
    figures.tell("gateway, processor time of a message", micros.median(), "us", micros.spread());
    double bytes = payloads.stream().mapToInt(payload -> payload.length).average().orElse(0);
    figures.tell("payload of a message of one reading", bytes, "B", "mean");
    rows();
  }

  private Round round(int window) throws IOException, MqttException, InterruptedException {
    double paho;
    ProcessFacts own = ProcessFacts.own();
    double ownCpu = own.cpuSeconds();
    try (PahoClient client = new PahoClient(broker.port())) {
      paho = client.publish(topic, payloads, messages, window);
    }
    double pahoMicros = (own.cpuSeconds() - ownCpu) / messages * 1e6;
    double raw;
    try (RawClient client = new RawClient(broker.port(), "raw")) {
      raw = client.publish(topic, payloads, messages, window);
    }
    double cpu = gateway.cpuSeconds();
    double seconds = control.run("source", messages, 1, 0);
    double micros = (gateway.cpuSeconds() - cpu) / messages * 1e6;
    return new Round(paho, pahoMicros, raw, messages / seconds, micros);
  }

  private void rows() throws IOException {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < WINDOW_ROUNDS; i++) {
      int count = messages / ROW;
      rates.add(count * (double) ROW / control.run("source", count, ROW, 0));
    }
    Sample rate = Sample.of(rates);
    figures.tell(
        "gateway, rows of 10 readings a message", rate.median(), "readings/s", rate.spread());
  }

  void windows(Configuration configuration) throws Exception {
    for (int window : WINDOWS) {
      figures.progress("window " + window);
      String before = control.connection();
      configuration.window(window);
      control.awaitConnection(before);
      control.run("source", messages / 5, 1, 0);
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < WINDOW_ROUNDS; i++) {
        rates.add(messages / control.run("source", messages, 1, 0));
      }
      Sample rate = Sample.of(rates);
      figures.tell("gateway, window " + window, rate.median(), "readings/s", rate.spread());
    }
  }
}
