package io.selvedge.remote.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.api.uplink.Reply;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.Notices;
import io.selvedge.remote.Golden;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes out is, byte by byte, what the golden payloads say. */
class GoldenAnswersTest {

  private static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");
  private static final String OPERATION = "-4611686018427387904";

  private final List<Notification> told = new ArrayList<>();
  private final Told teller =
      new Told("gw-1", new Job(7_000_000_000L, "heater", "1.0.0", new byte[0]), told::add);

  private byte[] sent() {
    return KuraCodec.encodePlain(
        Notices.payload(new Notices.Progress(OPERATION, told.get(0)), TIME));
  }

  @Test
  void aDownloadUnderWay() throws Exception {
    teller.download(Status.IN_PROGRESS, "IN_PROGRESS", 524_288, 50, "");
    assertThat(sent()).isEqualTo(Golden.bytes("deploy-notify-download"));
  }

  @Test
  void anInstallThatFailed() throws Exception {
    teller.switching("install", Status.FAILED, 0, "not signed");
    assertThat(sent()).isEqualTo(Golden.bytes("deploy-notify-install"));
  }

  @Test
  void aSecondDownloadWhileOneRuns() throws Exception {
    Reply reply = DeployV2.busy("Another resource is already in download");
    assertThat(KuraCodec.encodePlain(Calls.payload(reply, TIME)))
        .isEqualTo(Golden.bytes("deploy-download-busy"));
  }
}
