package io.selvedge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.hub.FakeGateway.Heard;
import io.selvedge.hub.link.Asker;
import io.selvedge.hub.link.Calling;
import io.selvedge.hub.link.Endpoint;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Notices;
import io.selvedge.protocol.kura.PayloadEncoding;
import io.selvedge.protocol.kura.PayloadFormat;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests in both directions over a real Mosquitto. */
class CallingTest {

  private static final Request PUT = new Request(Method.PUT, "desired", Map.of(), new byte[0]);

  private static Debian mosquitto;
  private static Calling calling;
  private static FakeGateway gateway;

  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private final Asker asker =
      new Asker() {
        @Override
        public void replied(Reply reply) {
          heard.add(reply.code());
        }

        @Override
        public void told(Notification notification) {
          heard.add(notification);
        }
      };

  @BeforeAll
  static void start() throws Exception {
    assumeThat(Debian.program("mosquitto")).as("needs the package mosquitto").isPresent();
    mosquitto = Debian.mosquitto();
    String uri = "tcp://127.0.0.1:" + mosquitto.port();
    calling =
        new Calling(
            new Endpoint(uri, "", ""), "selvedge", "HUB", (who, id) -> true, Clock.systemUTC());
    calling.start(
        (who, app, request) -> {
          if (app.equals("BROKEN-V1")) {
            throw new IllegalStateException("out of order");
          }
          return Reply.ok(who);
        });
    assertThat(calling.awaitFirst(30_000)).isTrue();
    gateway = new FakeGateway(uri, "gw-1", "gw-1", "");
    gateway.subscribe(KuraTopic.inbox("selvedge", "gw-1"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    if (calling != null) {
      calling.close();
    }
    if (mosquitto != null) {
      mosquitto.close();
    }
  }

  private Object next() throws InterruptedException {
    Object one = heard.poll(30, TimeUnit.SECONDS);
    assertThat(one).as("something within half a minute").isNotNull();
    return one;
  }

  private static void reply(String requestId) throws Exception {
    gateway.publish(
        "$EDC/selvedge/HUB/TWIN-V1/REPLY/" + requestId, Calls.payload(Reply.ok(), Instant.now()));
  }

  private static void tell(String from, String operation, Notification how) throws Exception {
    gateway.publish(
        "$EDC/selvedge/HUB/TWIN-V1/NOTIFY/" + from + "/" + how.type(),
        Notices.payload(new Notices.Progress(operation, how), Instant.now()));
  }

  @Test
  void whoAskedHearsHowItGoesOnUntilItIsOver() throws Exception {
    calling.ask("gw-1", "TWIN-V1", PUT, asker);
    Heard request = gateway.hear();
    assertThat(request.topic()).isEqualTo("$EDC/selvedge/gw-1/TWIN-V1/PUT/desired");
    String id = Calls.correlation(request.payload()).orElseThrow().requestId();
    Notification begins = Notification.inProgress("deployment", 10, "fetching");
    Notification done = Notification.completed("deployment", "deployment [4] is live");
    tell("gw-1", id, begins);
    reply(id);
    tell("another", id, done); // not the one that was asked
    tell("gw-1", "of somebody else", done);
    tell("gw-1", id, done);
    tell("gw-1", id, begins); // after the end
    assertThat(next()).isEqualTo(begins);
    assertThat(next()).isEqualTo(200);
    assertThat(next()).isEqualTo(done);
    calling.ask("gw-1", "TWIN-V1", PUT, asker);
    reply(Calls.correlation(gateway.hear().payload()).orElseThrow().requestId());
    assertThat(next()).as("nothing came in between").isEqualTo(200);
  }

  private static KuraPayload asked(String id) {
    return Calls.payload(PUT, new Calls.Correlation(id, "gw-1"), Instant.now());
  }

  @Test
  void aWrongRequestIsAnsweredInItsOwnEncoding() throws Exception {
    byte[] json = new PayloadFormat(PayloadEncoding.SIMPLE_JSON, true).encode(asked("1"));
    gateway.publish("$EDC/selvedge/HUB/TWIN-V1/FETCH/desired", json);
    Heard wrong = gateway.hear();
    assertThat(wrong.topic()).isEqualTo("$EDC/selvedge/gw-1/TWIN-V1/REPLY/1");
    assertThat(Calls.reply(wrong.payload()).code()).isEqualTo(400);
    assertThat(wrong.payload().whole(Calls.CODE)).contains(400L);
    gateway.publish("$EDC/selvedge/HUB/BROKEN-V1/GET/desired", asked("2"));
    assertThat(Calls.reply(gateway.hear().payload()).code()).isEqualTo(500);
    gateway.publish("$EDC/selvedge/HUB/TWIN-V1/GET/desired", asked("3"));
    assertThat(new String(Calls.reply(gateway.hear().payload()).body(), UTF_8)).isEqualTo("gw-1");
  }
}
