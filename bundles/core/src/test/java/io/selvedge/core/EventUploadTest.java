package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.uplink.Message;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventUploadTest {

  private Optional<EventUpload> upload = Optional.empty();

  @AfterEach
  void stop() {
    upload.ifPresent(EventUpload::stop);
  }

  private EventUpload upload(Event... before) {
    EventUpload made = new EventUpload(null, List.of(before));
    upload = Optional.of(made);
    return made;
  }

  private static Event event(Severity severity, String source, String code, String message) {
    return new Event(Instant.EPOCH, severity, source, code, message);
  }

  private static Event event(String source, String code, String message) {
    return event(Severity.WARNING, source, code, message);
  }

  private static List<String> texts(FakeUplink uplink) {
    return uplink.messages.stream()
        .map(message -> message.metrics().getOrDefault("message", Value.of("")).display())
        .toList();
  }

  @Test
  void sendsTheDiaryAlsoWhatWasReportedBefore() {
    Event first = event(Severity.INFO, "gateway", "gateway.starts", "starts");
    Event second = event("device/hall", "device.down", "down");
    EventUpload events = upload(second, first);
    events.reported(second); // was being told when this one began
    FakeUplink uplink = new FakeUplink(message -> {});
    events.bind(uplink, () -> uplink);
    events.reported(event(Severity.ERROR, "model/occupancy", "model.refused", "refused"));
    await(() -> uplink.messages.size() == 3);
    assertThat(texts(uplink)).containsExactly("starts", "down", "refused");
    Message message = uplink.messages.get(1);
    assertThat(message.app()).isEqualTo("EVENT-V1");
    assertThat(message.resource()).isEqualTo("device.down");
    assertThat(message.time()).isEqualTo(Instant.EPOCH);
    assertThat(message.metrics())
        .isEqualTo(
            Map.of(
                "severity", Value.of("WARNING"),
                "source", Value.of("device/hall"),
                "code", Value.of("device.down"),
                "message", Value.of("down")));
    assertThat(uplink.messages.get(2).priority()).isLessThan(message.priority());
  }

  @Test
  void leavesAlarmsToTheFlowsAndWhatSendingMayCauseToTheLog() {
    EventUpload events = upload();
    FakeUplink uplink = new FakeUplink(message -> {});
    events.bind(uplink, () -> uplink);
    events.reported(event("flow/office", "alarm", "too warm"));
    events.reported(event("uplink", "outbox.dead_letter", "message [7] is not sent"));
    events.reported(event("uplink", "outbox.problem", "disk is full"));
    events.reported(event("uplink", "uplink.disconnected", "cable"));
    events.reported(event("uplink", "uplink.disconnected", "cable"));
    events.reported(event("uplink", "uplink.disconnected", "password"));
    events.reported(event("device/hall", "device.down", "last"));
    await(() -> texts(uplink).contains("last"));
    assertThat(texts(uplink)).containsExactly("cable", "password", "last");
  }

  @Test
  void anEventThatSendingCausesIsNotSent() {
    EventUpload events = upload();
    FakeUplink uplink =
        new FakeUplink(
            message -> events.reported(event("device/hall", "device.down", "caused by sending")));
    events.bind(uplink, () -> uplink);
    events.reported(event("device/hall", "device.down", "first"));
    events.reported(event("device/hall", "device.up", "last"));
    await(() -> texts(uplink).contains("last"));
    assertThat(texts(uplink)).containsExactly("first", "last");
  }

  @Test
  void aConnectionThatEveryEventBreaksEndsInSilence() {
    EventUpload events = upload();
    FakeUplink uplink =
        new FakeUplink(
            message -> {
              Thread loop =
                  new Thread(
                      () -> {
                        events.reported(event("uplink", "uplink.disconnected", "closed by peer"));
                        events.reported(event("uplink", "uplink.connected", "connected"));
                      });
              loop.start();
              try {
                loop.join();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    events.bind(uplink, () -> uplink);
    events.reported(event("device/hall", "device.down", "first"));
    await(() -> texts(uplink).containsAll(List.of("closed by peer", "connected")));
    events.reported(event("device/hall", "device.up", "last"));
    await(() -> texts(uplink).contains("last"));
    assertThat(texts(uplink)).containsExactly("first", "closed by peer", "connected", "last");
  }

  @Test
  void keepsTheNewestWhileThereIsNoUplinkAndHoldsAFlappingDevice() {
    EventUpload events = upload();
    for (int i = 0; i < EventUpload.MOST_WAITING; i++) {
      events.reported(event("device/" + i, "device.down", "down [" + i + "]"));
    }
    for (int i = 0; i < 10_000; i++) {
      events.reported(event("device/hall", i % 2 == 0 ? "device.down" : "device.up", "flap"));
    }
    FakeUplink uplink = new FakeUplink(message -> {});
    events.bind(uplink, () -> uplink);
    events.reported(event("model/a", "model.refused", "last"));
    await(() -> uplink.messages.size() >= EventMeter.BURST_OF_ALL);
    assertThat(uplink.messages).hasSizeLessThan(EventMeter.BURST_OF_ALL + 100);
  }
}
