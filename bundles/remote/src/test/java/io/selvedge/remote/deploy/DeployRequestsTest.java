package io.selvedge.remote.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.remote.Golden;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests: what they need, what they are answered. */
class DeployRequestsTest extends DeployRig {
  @Test
  void offUnlessSwitchedOnAndItSaysHow() throws Exception {
    deploy.stop();
    deploy = deploy("off");
    server.file = pump("1.0.0", Map.of());
    for (String what : List.of("download", "install")) {
      Reply reply = ask(Method.EXEC, what, download("pump", "1"), new byte[0]);
      assertThat(reply.code()).isEqualTo(500);
      assertThat(reply.message())
          .contains("is off on this gateway", "io.selvedge.remote.deploy.cfg", "Unsigned code");
    }
    assertThat(server.requests).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> deploy("unsigned"))
        .withMessage("install [unsigned] of io.selvedge.remote.deploy must be off or signed");
  }

  @Test
  void oneAfterTheOtherWithKurasAnswer() throws Exception {
    server.file = pump("1.0.0", Map.of());
    server.status = 503;
    Map<String, Value> metrics = download("pump", "1");
    DeployV2 slow =
        new DeployV2(
            framework.getBundleContext(),
            events,
            new Config("signed"),
            millis -> Thread.sleep(millis == 0 ? 0 : 60_000),
            Clock.systemUTC(),
            Starts.LASTING);
    deploy.stop();
    deploy = slow;
    assertThat(ask(Method.EXEC, "download", metrics, new byte[0]).code()).isEqualTo(200);
    Reply busy = ask(Method.EXEC, "download", metrics, new byte[0]);
    assertThat(busy.code()).isEqualTo(500);
    assertThat(body(busy)).isEqualTo("Another resource is already in download");
    assertThat(busy.metrics()).containsEntry("download.status", Value.of("IN_PROGRESS"));
    assertThat(text(ask(Method.GET, "download", Map.of(), new byte[0]), "dp.download.status"))
        .isEqualTo("IN_PROGRESS");
    assertThat(body(ask(Method.EXEC, "install", metrics, new byte[0])))
        .isEqualTo("Already installing/uninstalling");
  }

  @Test
  void aDownloadThatIsThereIsAlreadyDoneAndACancelledOneLeavesNothing() throws Exception {
    server.file = pump("1.0.0", Map.of());
    Map<String, Value> metrics = download("pump", "1");
    metrics.put("dp.install", Value.of(false));
    ask(Method.EXEC, "download", metrics, new byte[0]);
    assertThat(end("download").metrics())
        .containsEntry("dp.download.status", Value.of("COMPLETED"))
        .containsEntry("dp.download.size", Value.of((long) server.file.length));
    while (ask(Method.EXEC, "download", metrics, new byte[0]).code() != 200) {
      Thread.onSpinWait(); // the one before ends
    }
    Notification again = end("download");
    assertThat(again.status()).isEqualTo(Status.COMPLETED);
    assertThat(again.metrics()).containsEntry("dp.download.status", Value.of("ALREADY DONE"));
    assertThat(running()).as("dp.install is false").isEmpty();
    while (ask(Method.EXEC, "install", metrics, new byte[0]).code() != 200) {
      Thread.onSpinWait();
    }
    assertThat(end("install").status()).isEqualTo(Status.COMPLETED);
    assertThat(ask(Method.DEL, "download", Map.of(), new byte[0]).code()).isEqualTo(200);
  }

  @Test
  void otherBundlesAreStoppedAndStarted() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    long id =
        Arrays.stream(framework.getBundleContext().getBundles())
            .filter(one -> "pump".equals(one.getSymbolicName()))
            .findFirst()
            .orElseThrow()
            .getBundleId();
    assertThat(ask(Method.EXEC, "stop/" + id, Map.of(), new byte[0]).code()).isEqualTo(200);
    assertThat(running()).isEmpty();
    assertThat(ask(Method.EXEC, "start/" + id, Map.of(), new byte[0]).code()).isEqualTo(200);
    assertThat(running()).containsExactly("pump 1.0.0");
    assertThat(ask(Method.EXEC, "start/999", Map.of(), new byte[0]).code()).isEqualTo(404);
    assertThat(ask(Method.EXEC, "start/x", Map.of(), new byte[0]).code()).isEqualTo(400);
    assertThat(ask(Method.POST, "start", Map.of(), new byte[0]).code()).isEqualTo(404);
  }

  @Test
  void whatIsMissingOrWrongInARequestIsNamed() throws Exception {
    for (Map.Entry<String, String> one :
        Map.of(
                "dp.download.hash", "metric [dp.download.hash] is missing; without it nobody",
                "dp.name", "metric [dp.name] is missing",
                "dp.version", "metric [dp.version] is missing",
                "dp.uri", "metric [dp.download.uri] is missing")
            .entrySet()) {
      Map<String, Value> metrics = download("pump", "1");
      metrics.remove(one.getKey());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ask(Method.EXEC, "download", metrics, new byte[0]))
          .withMessageStartingWith(one.getValue());
    }
    for (Map.Entry<String, Value> one :
        Map.of(
                "dp.name", Value.of("../../etc"),
                "dp.version", Value.of("1/2"),
                "dp.uri", Value.of("file:///etc/passwd"),
                "dp.download.hash", Value.of("MD5:d41d8cd98f00b204e9800998ecf8427e"),
                "dp.download.protocol", Value.of("HTTPS"),
                "dp.download.block.size", Value.of(0L),
                "dp.install.system.update", Value.of(true),
                "dp.reboot", Value.of(true),
                "job.id", Value.of("soon"))
            .entrySet()) {
      Map<String, Value> metrics = download("pump", "1");
      metrics.put(one.getKey(), one.getValue());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ask(Method.EXEC, "download", metrics, new byte[0]))
          .withMessageContaining("is [" + one.getValue().display() + "]");
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void theGoldenRequestOfKapuaIsUnderstood() throws Exception {
    Job.Download job =
        Job.parseDownload(Golden.request("DEPLOY-V2", Method.EXEC, "download", "deploy-download"));
    assertThat(job.job().id()).isEqualTo(7_000_000_000L);
    assertThat(job.job().file()).isEqualTo("heater-1.0.0");
    assertThat(job.uri()).hasToString("https://files.example.org/heater-1.0.0.dp");
    assertThat(job.login()).contains("me:secret");
    assertThat(job.install()).isTrue();
    assertThat(job.blockSize()).isEqualTo(4096);
  }
}
