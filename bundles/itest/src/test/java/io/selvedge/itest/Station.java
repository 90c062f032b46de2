package io.selvedge.itest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
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

/** A gateway as a process, a broker in this one, and who asks as a hub or a Kapua does. */
final class Station {

  private static final int PATIENCE_SECONDS = 90;

  private final ActiveMQServer broker;
  private final MqttClient hub;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private int asked;
  final Command selvedge;
  final Path conf;

  private record Arrival(String topic, KuraPayload payload) {}

  Station(Path directory) throws Exception {
    broker = broker(directory.resolve("broker"));
    broker.start();
    int port = ((NettyAcceptor) broker.getRemotingService().getAcceptor("mqtt")).getActualPort();
    hub = new MqttClient("tcp://127.0.0.1:" + port, "HUB", new MemoryPersistence());
    hub.connect();
    hub.subscribe("#", 1, (topic, message) -> arrived(topic, message.getPayload()));
    hub.subscribe("$EDC/#", 1, (topic, message) -> arrived(topic, message.getPayload()));

    conf = Files.createDirectories(directory.resolve("gateway/conf"));
    Files.createDirectories(conf.resolve("trust"));
    Files.writeString(conf.resolve("trust/hub.password"), "secret-of-1\n");
    Files.writeString(
        conf.resolve("io.selvedge.mqtt.cfg"),
        "broker=tcp://127.0.0.1:" + port + "\nuser=itest-1\n");
    Files.writeString(conf.resolve("gateway.properties"), "gateway.id=itest-1\n");
    Files.copy(Distribution.home().resolve("config/logback.xml"), conf.resolve("logback.xml"));
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

  void end() throws Exception {
    selvedge.run("stop");
    hub.disconnectForcibly(100, 100);
    hub.close();
    broker.stop();
  }

  /** The body of the reply to a request with code 200. */
  String ask(String resource, String body) throws Exception {
    return new String(ask(resource, Map.of(), body).body(), StandardCharsets.UTF_8);
  }

  /** The reply to a request, which must have code 200. */
  KuraPayload ask(String resource, Map<String, Metric> more, String body) throws Exception {
    KuraPayload reply = reply(resource, more, body);
    assertThat(reply.whole("response.code")).as(reply.metrics().toString()).contains(200L);
    return reply;
  }

  /** A request whose reply is not waited for. */
  void send(String resource, String body) throws Exception {
    Map<String, Metric> metrics =
        Map.of("request.id", Metric.of("ask-" + ++asked), "requester.client.id", Metric.of("HUB"));
    KuraPayload request =
        KuraPayload.of(Instant.now(), metrics, body.getBytes(StandardCharsets.UTF_8));
    hub.publish("$EDC/selvedge/itest-1/" + resource, KuraCodec.encode(request), 1, false);
  }

  /** The reply to a request. */
  KuraPayload reply(String resource, Map<String, Metric> more, String body) throws Exception {
    String id = "ask-" + ++asked;
    Map<String, Metric> metrics = new TreeMap<>(more);
    metrics.put("request.id", Metric.of(id));
    metrics.put("requester.client.id", Metric.of("HUB"));
    KuraPayload request =
        KuraPayload.of(Instant.now(), metrics, body.getBytes(StandardCharsets.UTF_8));
    hub.publish("$EDC/selvedge/itest-1/" + resource, KuraCodec.encode(request), 1, false);
    return next("$EDC/selvedge/HUB/" + resource.replaceFirst("/.*", "") + "/REPLY/" + id);
  }

  /** What comes next on a topic; what comes on others meanwhile is passed over. */
  KuraPayload next(String topic) throws InterruptedException {
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
