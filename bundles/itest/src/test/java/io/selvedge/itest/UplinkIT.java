package io.selvedge.itest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process, and a broker in this one. */
class UplinkIT {

  private static final int PATIENCE_SECONDS = 20;

  @TempDir Path directory;
  private ActiveMQServer broker;
  private MqttClient hub;
  private Command selvedge;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

  private record Arrival(String topic, KuraPayload payload) {}

  @BeforeEach
  void brokerAndGateway() throws Exception {
    broker = broker(directory.resolve("broker"));
    broker.start();
    int port = ((NettyAcceptor) broker.getRemotingService().getAcceptor("mqtt")).getActualPort();
    hub = new MqttClient("tcp://127.0.0.1:" + port, "HUB", new MemoryPersistence());
    hub.connect();
    hub.subscribe("#", 1, (topic, message) -> arrived(topic, message.getPayload()));
    hub.subscribe("$EDC/#", 1, (topic, message) -> arrived(topic, message.getPayload()));

    Path conf = Files.createDirectories(directory.resolve("gateway/conf/trust"));
    Files.writeString(conf.resolve("hub.password"), "secret-of-1\n");
    Files.writeString(
        conf.resolveSibling("io.selvedge.mqtt.cfg"),
        "broker=tcp://127.0.0.1:" + port + "\nuser=itest-1\n");
    Files.writeString(conf.resolveSibling("gateway.properties"), "gateway.id=itest-1\n");
    Files.copy(
        Distribution.home().resolve("config/logback.xml"), conf.resolveSibling("logback.xml"));
    Files.createDirectories(conf.resolveSibling("flows"));
    Files.copy(
        Distribution.home().resolve("config/flows/office.flow.yaml"),
        conf.resolveSibling("flows/office.flow.yaml"));
    Files.writeString(
        conf.resolveSibling("io.selvedge.driver.simulated-office.cfg"),
        "device.id=office\ninterval.ms=200\n");
    selvedge =
        new Command(
            Distribution.home().resolve("bin/selvedge"),
            directory.resolve("gateway"),
            Distribution.freePort());
  }

  private static ActiveMQServer broker(Path directory) throws Exception {
    Configuration configuration = new ConfigurationImpl();
    configuration.setPersistenceEnabled(false);
    configuration.setJMXManagementEnabled(false);
    configuration.setSecurityEnabled(false); // who may do what is the hub's own test
    configuration.setBrokerInstance(directory.toFile());
    configuration.addAcceptorConfiguration("mqtt", "tcp://127.0.0.1:0?protocols=MQTT");
    configuration.setWildCardConfiguration(
        new WildcardConfiguration().setDelimiter('/').setSingleWord('+').setAnyWords('#'));
    return new ActiveMQServerImpl(configuration);
  }

  @AfterEach
  void end() throws Exception {
    selvedge.run("stop");
    hub.disconnectForcibly(100, 100);
    hub.close();
    broker.stop();
  }

  @Test
  void aMeasurementReachesTheBroker() throws Exception {
    Command.Outcome start = selvedge.run("start");
    assertThat(start.output()).contains("ready at");
    assertThat(next("$EDC/selvedge/itest-1/MQTT/BIRTH").text("os_arch")).isPresent();

    KuraPayload row = next("selvedge/itest-1/DATA-V1/office");
    assertThat(row.metrics()).containsKeys("temperature", "humidity", "outbox.id");
    assertThat(row.whole("record.id")).isPresent();
    assertThat(Duration.between(row.timestamp().orElseThrow(), Instant.now()).abs())
        .isLessThan(Duration.ofSeconds(60));

    KuraPayload decision = next("selvedge/itest-1/DECISION-V1/office");
    assertThat(new String(decision.body(), StandardCharsets.UTF_8))
        .contains("\"flow\":\"office\"", "\"empty\"");
    assertThat(selvedge.log()).doesNotContain("secret-of-1");
  }

  @Test
  void aConfigurationIsReadChangedAndRolledBackFromAfar() throws Exception {
    assertThat(selvedge.run("start").code()).isZero();
    next("$EDC/selvedge/itest-1/MQTT/BIRTH");
    String pid = "io.selvedge.driver.simulated~office";
    String before = ask("CONF-V1/GET/configurations/" + pid, "");
    assertThat(before)
        .contains("name=\"interval.ms\" type=\"Integer\"><esf:value>200</esf:value>", "<ocd:OCD");
    assertThat(ask("CONF-V1/GET/configurations", ""))
        .contains("pid=\"io.selvedge.mqtt\"", "itest-1")
        .doesNotContain("secret-of-1");

    ask("CONF-V1/PUT/configurations", before.replace(">200<", ">350<"));
    Path file = directory.resolve("gateway/conf/io.selvedge.driver.simulated-office.cfg");
    assertThat(file).content().contains("device.id=office", "interval.ms = 350");
    assertThat(ask("CONF-V1/GET/configurations/" + pid, "")).contains(">350<");

    ask("CONF-V1/EXEC/rollback", "");
    assertThat(file).content().contains("interval.ms=200");
    assertThat(ask("CONF-V1/GET/configurations/" + pid, "")).contains(">200<");
    assertThat(ask("CONF-V1/GET/snapshots", "").split("<esf:snapshotIds>")).hasSizeGreaterThan(3);
    assertThat(ask("DEPLOY-V2/GET/bundles", ""))
        .contains("<name>io.selvedge.remote</name>", "<state>ACTIVE</state>");
  }

  private int asked;

  /** The body of the reply to a request with code 200. */
  private String ask(String resource, String body) throws Exception {
    String id = "ask-" + ++asked;
    Map<String, Metric> metrics =
        Map.of("request.id", Metric.of(id), "requester.client.id", Metric.of("HUB"));
    KuraPayload request =
        KuraPayload.of(Instant.now(), metrics, body.getBytes(StandardCharsets.UTF_8));
    hub.publish("$EDC/selvedge/itest-1/" + resource, KuraCodec.encode(request), 1, false);
    KuraPayload reply =
        next("$EDC/selvedge/HUB/" + resource.replaceFirst("/.*", "") + "/REPLY/" + id);
    assertThat(reply.whole("response.code")).as(reply.metrics().toString()).contains(200L);
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private KuraPayload next(String topic) throws InterruptedException {
    long end = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      Arrival arrival = arrivals.poll(1, SECONDS);
      if (arrival != null && arrival.topic().equals(topic)) {
        return arrival.payload();
      }
    }
    throw new AssertionError("nothing came on [" + topic + "]");
  }

  private void arrived(String topic, byte[] payload) throws Exception {
    arrivals.add(new Arrival(topic, KuraCodec.decode(payload)));
  }
}
