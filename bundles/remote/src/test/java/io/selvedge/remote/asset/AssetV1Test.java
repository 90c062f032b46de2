package io.selvedge.remote.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.remote.Golden;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AssetV1Test {

  private static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");
  private static final Channel TEMPERATURE = Channel.decimal("temperature", "Cel");
  private static final Channel PULSES = Channel.whole("pulses", "1");
  private static final Channel FAN = Channel.flag("fan").writable();
  private static final Channel TARGET = Channel.decimal("target", "Cel").writable();

  /** One room. */
  private static final class FakeDevices implements Devices {
    final List<Command> commands = new ArrayList<>();

    @Override
    public List<DeviceStatus> list() {
      return List.of(
          new DeviceStatus(
              "hall",
              "fake",
              "hall",
              List.of(TEMPERATURE, PULSES, FAN, TARGET),
              Duration.ofSeconds(1),
              DeviceStatus.State.UP,
              TIME,
              "",
              1,
              0));
    }

    @Override
    public Optional<DeviceStatus> find(String id) {
      return list().stream().filter(one -> one.id().equals(id)).findFirst();
    }

    @Override
    public List<Measurement> latest(String id) {
      return List.of(
          new Measurement(id, TEMPERATURE, Value.of(21.5), TIME, 0),
          new Measurement(id, PULSES, Value.missing(Value.Reason.NO_ANSWER, "timeout"), TIME, 0),
          new Measurement(id, FAN, Value.of(true), TIME, 0));
    }

    @Override
    public CompletionStage<Void> send(Command command) {
      commands.add(command);
      return command.target().channel().equals("target")
          ? CompletableFuture.failedFuture(new DeviceException("out of [5, 30]"))
          : CompletableFuture.completedFuture(null);
    }
  }

  private final FakeDevices devices = new FakeDevices();
  private final AssetV1 assets = new AssetV1(devices, Clock.fixed(TIME, ZoneOffset.UTC));

  private String ask(Method method, String resource, String body) {
    Reply reply =
        assets.handle(
            new Request(method, resource, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    assertThat(reply.code()).as(reply.message()).isEqualTo(200);
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Test
  void devicesAreAssetsWithKurasTypes() {
    assertThat(ask(Method.GET, "assets", ""))
        .isEqualTo(
            "[{\"name\":\"hall\",\"channels\":[{\"name\":\"temperature\",\"type\":\"DOUBLE\",\"mode\":\"READ\"},{\"name\":\"pulses\",\"type\":\"LONG\",\"mode\":\"READ\"},{\"name\":\"fan\",\"type\":\"BOOLEAN\",\"mode\":\"READ_WRITE\"},{\"name\":\"target\",\"type\":\"DOUBLE\",\"mode\":\"READ_WRITE\"}]}]");
    assertThat(ask(Method.GET, "assets", "[{\"name\":\"attic\"}]"))
        .isEqualTo("[{\"name\":\"attic\",\"error\":\"device [attic] is not here\"}]");
  }

  @Test
  void theGoldenReadIsAnsweredByteByByte() throws Exception {
    Reply reply = assets.handle(Golden.request("ASSET-V1", Method.EXEC, "read", "asset-read"));
    assertThat(KuraCodec.encodePlain(Calls.payload(reply, TIME)))
        .isEqualTo(Golden.bytes("asset-read-reply"));
  }

  @Test
  void whatHasNoValueSaysWhy() {
    assertThat(ask(Method.EXEC, "read", "[{\"name\":\"hall\"}]"))
        .contains(
            "{\"name\":\"pulses\",\"type\":\"LONG\",\"error\":\"NO_ANSWER: timeout\",\"timestamp\":1422886740000}",
            "{\"name\":\"target\",\"error\":\"no value yet\",\"timestamp\":1422886740000}");
    assertThat(ask(Method.EXEC, "read", "[{\"name\":\"hall\",\"channels\":[{\"name\":\"x\"}]}]"))
        .contains("channel [x] is not here");
  }

  @Test
  void writesAreCommandsAndEachSaysHowItWent() {
    String answer =
        ask(
            Method.EXEC,
            "write",
            "[{\"name\":\"hall\",\"channels\":[{\"name\":\"fan\",\"type\":\"BOOLEAN\",\"value\":\"false\"},"
                + "{\"name\":\"target\",\"value\":99},{\"name\":\"target\",\"value\":\"warm\"},"
                + "{\"name\":\"temperature\",\"value\":\"1\"},{\"name\":\"fan\",\"value\":\"on\"}]}]");
    assertThat(answer)
        .contains(
            "{\"name\":\"fan\",\"timestamp\":1422886740000}",
            "\"error\":\"out of [5, 30]\"",
            "\"error\":\"value [warm] must be a DOUBLE, as the channel is\"",
            "\"error\":\"channel [temperature] cannot be written\"",
            "\"error\":\"value [on] must be true or false\"");
    assertThat(devices.commands).hasSize(2);
    assertThat(devices.commands.get(0).value()).isEqualTo(Value.of(false));
    assertThat(devices.commands.get(0).origin()).isEqualTo("hub");
  }

  @Test
  void whatIsNoListIsRefused() {
    for (String body : List.of("{}", "hall", "[{\"channels\":[]}]", "[1]")) {
      assertThatIllegalArgumentException()
          .as(body)
          .isThrownBy(() -> ask(Method.EXEC, "read", body));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ask(Method.EXEC, "write", "[{\"name\":\"hall\"}]"))
        .withMessage("device [hall] has no [channels] to be written");
  }
}
