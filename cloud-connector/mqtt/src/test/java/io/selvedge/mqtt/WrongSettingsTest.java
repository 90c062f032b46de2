package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.event.Event;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slip in a file must not take away the outbox, nor pass without a word. */
class WrongSettingsTest {

  @TempDir Path directory;

  @Test
  void aNumberOutOfRangeIsToldAndItsDefaultCounts() {
    try (TestGateway gateway =
        new TestGateway(directory, "tcp://127.0.0.1:1")
            .with("window", "5000")
            .with("keep.alive.seconds", "abc")
            .with("outbox.when.full", "panic")
            .with("outbox.shares", "flow/office:fifty")
            .with("payload.encoding", "xml")
            .with("position", "91, 11")
            .with("encode.gzip", "perhaps")
            .start()) {
      assertThat(refused(gateway))
          .containsExactlyInAnyOrder(
              "window [5000] must be a whole number from 1 to 1000; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [100] counts",
              "keep.alive.seconds [abc] must be a whole number from 5 to 3600; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [30] counts",
              "outbox.when.full [panic] must be drop-oldest, refuse-newest or thin-out; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [drop-oldest] counts",
              "outbox.shares: share [flow/office:fifty] must be SOURCE:PERCENT, for example"
                  + " [flow/office:50] or [*:20] for the rest; correct it in io.selvedge.mqtt.cfg."
                  + " Until then none count",
              "payload.encoding [xml] must be one of [kura-protobuf, simple-json]; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [kura-protobuf] counts",
              "encode.gzip [perhaps] must be true or false; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [true] counts",
              "position [91, 11] must be LATITUDE, LONGITUDE in degrees, up to 90 and 180, and may"
                  + " have ALTITUDE in metres, for example [48.1374, 11.5755, 520]; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then none is told");
      TestGateway.await("attempt", () -> gateway.events("uplink.disconnected") == 1);
    }
  }

  @Test
  void anOutboxTooSmallToThinOutIsTold() {
    try (TestGateway gateway =
        new TestGateway(directory, "tcp://127.0.0.1:1")
            .with("outbox.mib", "16")
            .with("outbox.when.full", "thin-out")
            .start()) {
      assertThat(refused(gateway))
          .containsExactly(
              "outbox.mib [16] must be at least [32] for thin-out and for shares; raise it in"
                  + " io.selvedge.mqtt.cfg. Until then [drop-oldest] without shares counts");
    }
  }

  @Test
  void aScheduleThatIsNoneIsToldAndThereIsNone() {
    try (TestGateway gateway =
        new TestGateway(directory, "tcp://127.0.0.1:1")
            .with("link.schedule", "metered by day")
            .with("link.measured", "sometimes")
            .with("link.slow.round.trip.ms", "soon")
            .start()) {
      assertThat(refused(gateway))
          .containsExactlyInAnyOrder(
              "link.schedule: [metered by day] must be a state (normal, slow, metered, off), days"
                  + " where it is not each, and hours, for example metered Mon-Fri 08:00-18:00;"
                  + " correct it in io.selvedge.mqtt.cfg. Until then there is none",
              "link.measured [sometimes] must be true or false; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [true] counts",
              "link.slow.round.trip.ms [soon] must be a whole number from 10 to 60000; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [2000] counts");
    }
  }

  @Test
  void whatAProfileDoesNotAllowIsToldAndTheNearestCounts() {
    try (TestGateway gateway =
        new TestGateway(directory, "tcp://127.0.0.1:1")
            .with("profile", "azure-iot-hub")
            .with("mqtt.version", "5")
            .with("keep.alive.seconds", 3000)
            .with("client.key.file", "trust/device.key")
            .start()) {
      assertThat(refused(gateway))
          .containsExactlyInAnyOrder(
              "mqtt.version [5] must be 3.1.1 with profile azure-iot-hub; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [3.1.1] counts",
              "keep.alive.seconds [3000] must be 5 to 1177 with this profile; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [1177] counts",
              "client.certificate.file [] and client.key.file [trust/device.key] must be set both or"
                  + " neither; correct it in io.selvedge.mqtt.cfg. Until then the gateway shows no"
                  + " certificate");
    }
  }

  @Test
  void aProfileOrVersionThatThereIsNotIsTold() {
    try (TestGateway gateway =
        new TestGateway(directory, "tcp://127.0.0.1:1")
            .with("profile", "gcp")
            .with("mqtt.version", "4")
            .with("topic.control-prefix", "a/b")
            .start()) {
      assertThat(refused(gateway))
          .containsExactlyInAnyOrder(
              "profile [gcp] must be one of plain, aws-iot-core, azure-iot-hub; correct it in"
                  + " io.selvedge.mqtt.cfg. Until then [plain] counts",
              "mqtt.version [4] must be 3.1.1 or 5; correct it in io.selvedge.mqtt.cfg. Until then"
                  + " [3.1.1] counts",
              "topic.control-prefix [a/b] must be one level of a topic, without / + #; correct it"
                  + " in io.selvedge.mqtt.cfg. Until then [$EDC] counts");
    }
  }

  @Test
  void withoutAProperBrokerMessagesWaitInTheOutbox() {
    try (TestGateway gateway = new TestGateway(directory, "htp:/nowhere").start()) {
      gateway.send(1, 10);

      assertThat(gateway.uplink().status().pending()).isEqualTo(1);
      assertThat(gateway.uplink().status().connected()).isFalse();
      assertThat(gateway.uplink().status().endpoint()).isEqualTo("htp:/nowhere");
      assertThat(gateway.uplink().status().reason())
          .contains("broker [htp:/nowhere] must be tcp://HOST:PORT");
      assertThat(refused(gateway)).containsExactly(gateway.uplink().status().reason());
    }
  }

  private static List<String> refused(TestGateway gateway) {
    return gateway.events.stream()
        .filter(event -> event.code().equals("uplink.setting_refused"))
        .map(Event::message)
        .toList();
  }
}
