package io.selvedge.sparkplug;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Channel.Access;
import io.selvedge.api.device.Channel.Kind;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Value;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** The courses of events over which the rules are checked, each with a real broker and a host. */
final class Scenarios {

  static final String NCMD = "spBv1.0/plant/NCMD/gw-1";
  static final String DCMD_BOILER = "spBv1.0/plant/DCMD/gw-1/boiler";

  private static final long QUIET_MILLIS = 600;

  /**
   * A day in the life of a node with names.
   *
   * @param idle data published while nothing happened
   * @param commands what the devices were told
   */
  record Life(Trace trace, long idle, List<String> commands) {}

  /**
   * A node with aliases.
   *
   * @param held rows accepted while a rebirth was owed
   */
  record Aliased(Trace trace, List<Long> held, List<String> commands) {}

  /**
   * A node with a primary host. Counts of births after each step.
   *
   * @param stayed whether it stayed when an old message said that the host is offline
   */
  record Hosted(
      Trace trace,
      long afterWrongHost,
      long afterOffline,
      long afterOld,
      long afterOnline,
      boolean stayed,
      long afterOldAgain,
      long afterOnlineAgain) {}

  private Scenarios() {}

  static FakeDevices devices() {
    Instant now = Instant.now();
    return new FakeDevices()
        .put(
            "boiler",
            State.UP,
            Channel.decimal("temperature", "Cel"),
            Channel.whole("pulses", "1"),
            Channel.flag("valve").writable(),
            Channel.text("mode"),
            Channel.decimal("pressure", "kPa"))
        .put(
            "pump",
            State.STARTING,
            Channel.decimal("speed", "/min"),
            new Channel("setpoint", "/min", Kind.DECIMAL, Access.WRITE))
        .measure("boiler", "temperature", Value.of(60.5), now.minusSeconds(2))
        .measure("boiler", "pulses", Value.of(41L), now.minusSeconds(1))
        .measure("boiler", "valve", Value.of(false), now)
        .measure("boiler", "mode", Value.of("auto"), now)
        .measure("boiler", "pressure", Value.missing(Value.Reason.NO_ANSWER, "nothing came"), now);
  }

  static Life life(Path directory) throws Exception {
    Mosquitto broker = new Mosquitto(directory.resolve("broker")).start();
    FakeDevices devices = devices();
    try (WireTap tap = new WireTap(broker.port());
        TestHost host = new TestHost(broker.port());
        TestNode node = new TestNode(directory, devices, tap.uri())) {
      node.start().awaitSession();
      row(node, "boiler", Map.of("temperature", Value.of(61.0)));
      node.send("FLOW-V1", "comfort", Instant.now(), Map.of("index", Value.of(0.4)));
      node.send("FLOW-V1", "comfort", Instant.now(), Map.of("index", Value.of(0.5)));
      node.awaitDelivered();
      Await.until("data at the host", () -> data(host) == data(tap));
      final long before = data(host);
      Await.pause(1500);
      final long idle = data(host) - before;

      devices.measure("pump", "speed", Value.of(900.0), Instant.now()).state("pump", State.UP);
      Await.until("birth of the pump", () -> births(tap, "pump") > 0);
      row(node, "pump", Map.of("speed", Value.of(901.0)));
      for (int i = 0; i < 300; i++) {
        row(node, "boiler", Map.of("temperature", Value.of(61.0 + i)));
      }
      row(
          node,
          "boiler",
          Map.of("temperature", Value.missing(Value.Reason.OUT_OF_RANGE, "[999] Cel")));
      row(node, "boiler", Map.of("temperature", Value.of(60.0), "pulses", Value.of(42L)));
      node.awaitDelivered();
      host.command(
          "spBv1.0/plant/DCMD/gw-1/pump",
          Metric.of("setpoint", DataType.DOUBLE, 1, new Content.Double64(950)));
      Await.until("command to the pump", () -> !devices.commands.isEmpty());
      devices.state("pump", State.DOWN);
      Await.until("death of the pump", () -> !tap.published("DDEATH").isEmpty());

      rebirth(host, tap);
      host.command(DCMD_BOILER, Metric.of("valve", DataType.BOOLEAN, 1, new Content.Bool(true)));
      Await.until("command to the boiler", () -> devices.commands.size() > 1);
      long data = tap.published("DDATA").size();
      Await.until(
          "answer of the valve",
          () -> {
            devices.measure("boiler", "valve", Value.of(true), Instant.now());
            Await.pause(50);
            return tap.published("DDATA").size() > data;
          });
      node.stop();
      node.start().awaitSession();
      node.stop();
      Await.until("second end", () -> tap.all(Packet.End.class).count() == 2);
      return new Life(new Trace(tap.packets()), idle, commands(devices));
    } finally {
      broker.kill();
    }
  }

  static Aliased aliased(Path directory) throws Exception {
    Mosquitto broker = new Mosquitto(directory.resolve("broker")).start();
    FakeDevices devices = devices();
    try (WireTap tap = new WireTap(broker.port());
        TestHost host = new TestHost(broker.port());
        TestNode node =
            new TestNode(directory, devices, tap.uri())
                .with("aliases", true)
                .with("rebirth.pause.seconds", 8)) { // all below is done before
      node.start().awaitSession();
      host.command(NCMD, Metric.of(EdgeNode.REBIRTH, DataType.BOOLEAN, 1, new Content.Bool(true)));
      Await.pause(QUIET_MILLIS);
      Instant now = Instant.now();
      List<Long> held = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 5; i++) {
        node.row("boiler", now.plusMillis(i), Map.of("temperature", Value.of(1.0 * i)));
        held.add(now.plusMillis(i).toEpochMilli());
      }
      node.send("FLOW-V1", "comfort", Instant.now(), Map.of("index", Value.of(0.4)));
      node.awaitDelivered();
      long alias =
          Trace.metric(tap.published("DBIRTH").get(0).parsed(), "valve").alias().orElseThrow();
      host.command(DCMD_BOILER, byAlias(alias, new Content.Bool(true)));
      Await.until("command by alias", () -> !devices.commands.isEmpty());
      node.stop();
      return new Aliased(new Trace(tap.packets()), held, commands(devices));
    } finally {
      broker.kill();
    }
  }

  /** A node with templates and data sets. */
  static Trace complex(Path directory) throws Exception {
    Mosquitto broker = new Mosquitto(directory.resolve("broker")).start();
    try (WireTap tap = new WireTap(broker.port());
        TestHost host = new TestHost(broker.port());
        TestNode node = new TestNode(directory, devices(), tap.uri()).with("complex.types", true)) {
      node.start().awaitSession();
      row(node, "boiler", aggregate("temperature"));
      node.send("FLOW-V1", "comfort", Instant.now(), aggregate("index"));
      node.text(
          "DECISION-V1",
          "office",
          "{\"flow\":\"office\",\"features\":{\"t\":23.7},\"rules\":[\"hot\"],\"fan\":true}");
      node.text(
          "FLOW-V1",
          "halls",
          "[{\"hall\":\"a\",\"on\":true,\"n\":1,\"x\":1},"
              + "{\"hall\":\"b\",\"on\":false,\"n\":2,\"x\":0.5}]");
      node.awaitDelivered();
      rebirth(host, tap);
      node.stop();
      return new Trace(tap.packets());
    } finally {
      broker.kill();
    }
  }

  private static Map<String, Value> aggregate(String channel) {
    return Map.of(
        channel + ".count", Value.of(300L),
        channel + ".max", Value.of(22.5),
        channel + ".mean", Value.of(21.25),
        channel + ".min", Value.of(20.0));
  }

  static Metric byAlias(long alias, Content content) {
    return new Metric(
        Optional.empty(),
        OptionalLong.of(alias),
        OptionalLong.empty(),
        OptionalInt.empty(),
        false,
        Map.of(),
        Optional.of(content));
  }

  static Hosted hosted(Path directory) throws Exception {
    Mosquitto broker = new Mosquitto(directory.resolve("broker")).start();
    try (WireTap tap = new WireTap(broker.port());
        TestHost host = new TestHost(broker.port());
        TestNode node =
            new TestNode(directory, devices(), tap.uri()).with("primary.host.id", "scada-1")) {
      node.start();
      Await.until(
          "subscription to STATE",
          () -> tap.all(Packet.Subscribe.class).anyMatch(one -> one.filter().contains("STATE")));
      host.state("other", true, 1000);
      final long afterWrongHost = quietBirths(tap);
      host.state("scada-1", false, 100);
      final long afterOffline = quietBirths(tap);
      host.state("scada-1", true, 50);
      final long afterOld = quietBirths(tap);
      host.state("scada-1", true, 200);
      node.awaitSession();
      Await.until("birth", () -> !tap.published("NBIRTH").isEmpty());
      final long afterOnline = tap.published("NBIRTH").size();
      row(node, "boiler", Map.of("temperature", Value.of(61.0)));
      node.awaitDelivered();
      host.state("scada-1", false, 150);
      Await.pause(QUIET_MILLIS);
      final boolean stayed = tap.all(Packet.Disconnect.class).findAny().isEmpty();
      host.state("scada-1", true, 200);
      host.state("scada-1", false, 200);
      Await.until(
          "second subscription to STATE",
          () ->
              tap.all(Packet.Subscribe.class)
                  .anyMatch(one -> one.connection() == 1 && one.filter().contains("STATE")));
      Await.pause(QUIET_MILLIS);
      host.state("scada-1", true, 199);
      final long afterOldAgain = quietBirths(tap);
      host.state("scada-1", true, 300);
      node.awaitSession();
      Await.until("birth again", () -> tap.published("NBIRTH").size() > afterOldAgain);
      final long afterOnlineAgain = tap.published("NBIRTH").size();
      node.stop();
      return new Hosted(
          new Trace(tap.packets()),
          afterWrongHost,
          afterOffline,
          afterOld,
          afterOnline,
          stayed,
          afterOldAgain,
          afterOnlineAgain);
    } finally {
      broker.kill();
    }
  }

  /** Connections to the first broker have numbers below 100, those to the second from 100 on. */
  static Trace servers(Path directory) throws Exception {
    Mosquitto first = new Mosquitto(directory.resolve("first")).start();
    Mosquitto second = new Mosquitto(directory.resolve("second")).start();
    List<Packet> packets = new CopyOnWriteArrayList<>();
    try (WireTap tap1 = new WireTap(first.port(), packets, 0);
        WireTap tap2 = new WireTap(second.port(), packets, 100);
        TestHost host1 = new TestHost(first.port());
        TestHost host2 = new TestHost(second.port());
        TestNode node =
            new TestNode(directory, devices(), tap1.uri() + "," + tap2.uri())
                .with("primary.host.id", "scada-1")) {
      host1.state("scada-1", true, 100);
      host2.state("scada-1", true, 100);
      node.start().awaitSession();
      host1.state("scada-1", false, 100);
      Await.until("birth at the second", () -> host2.count("NBIRTH") == 1);
      node.awaitSession();
      host1.state("scada-1", true, 200);
      Await.pause(QUIET_MILLIS);
      host2.state("scada-1", false, 100);
      Await.until("birth at the first again", () -> host1.count("NBIRTH") == 2);
      node.awaitSession();
      host1.command(
          NCMD, Metric.of(EdgeNode.NEXT_SERVER, DataType.BOOLEAN, 1, new Content.Bool(true)));
      Await.until(
          "look at the second",
          () ->
              packets.stream()
                  .anyMatch(one -> one instanceof Packet.Connect && one.connection() > 100));
      node.stop();
      return new Trace(packets);
    } finally {
      first.kill();
      second.kill();
    }
  }

  private static void rebirth(TestHost host, WireTap tap) throws Exception {
    int before = tap.published("NBIRTH").size();
    host.command(NCMD, Metric.of(EdgeNode.REBIRTH, DataType.BOOLEAN, 1, new Content.Bool(true)));
    Await.until(
        "rebirth",
        () -> {
          List<Packet.Publish> all = tap.published(any -> true);
          boolean whole = all.get(all.size() - 1).type().equals("DBIRTH");
          return tap.published("NBIRTH").size() > before && whole;
        });
  }

  private static long data(TestHost host) {
    return host.count("DDATA") + host.count("NDATA");
  }

  private static long data(WireTap tap) {
    return (long) tap.published("DDATA").size() + tap.published("NDATA").size();
  }

  private static long quietBirths(WireTap tap) {
    Await.pause(QUIET_MILLIS);
    return tap.published("NBIRTH").size();
  }

  private static int births(WireTap tap, String device) {
    return tap.published(one -> one.type().equals("DBIRTH") && one.topic().endsWith("/" + device))
        .size();
  }

  private static void row(TestNode node, String device, Map<String, Value> values) {
    node.row(device, Instant.now(), values);
  }

  private static List<String> commands(FakeDevices devices) {
    return devices.commands.stream()
        .map(command -> command.target() + "=" + command.value().display())
        .toList();
  }
}
