package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {

  private static final String NOT_READY =
      """
      {"ready": false, "checks": [
        {"name": "bundles", "ok": true, "message": "all"},
        {"name": "core", "ok": false, "message": "device \\"hall\\" not read yet"}]}
      """;

  @TempDir Path directory;
  private HttpServer gateway;
  private final AtomicInteger refusals = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/health/ready",
        exchange -> {
          boolean ready = refusals.getAndDecrement() <= 0;
          byte[] body = (ready ? "{}" : NOT_READY).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(ready ? 200 : 503, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  @Test
  void waitsUntilTheGatewayIsReady() throws Exception {
    refusals.set(2);
    control().awaitReady(address(), Duration.ofSeconds(20));
    assertThat(refusals).hasValue(-1);
  }

  @Test
  void saysWhichCheckDoesNotPass() {
    refusals.set(1_000);
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> control().awaitReady(address(), Duration.ZERO))
        .withMessageContaining("core: device \"hall\" not read yet")
        .withMessageNotContaining("bundles");
  }

  @Test
  void aLongMessageIsTakenWhole() {
    String message = "a \\\"file\\\" ".repeat(20_000);
    String body =
        "{\"ready\": false, \"checks\": [{\"name\": \"configuration\", \"ok\": false, \"message\": \""
            + message
            + "\"}]}";

    assertThat(Control.failing(body))
        .startsWith("configuration: a \"file\"")
        .hasSizeGreaterThan(100_000);
  }

  @Test
  void aGatewayThatDoesNotAnswerIsNotReady() {
    gateway.stop(0);
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> control().awaitReady(address(), Duration.ZERO))
        .withMessageContaining("no answer");
  }

  @Test
  void withoutAGatewayThereIsNoStatus() {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> control().status())
        .satisfies(problem -> assertThat(problem.exitCode()).isEqualTo(Problem.NOT_RUNNING))
        .withMessageContaining("selvedge start");
  }

  private Control control() {
    return new Control(new Instance(directory));
  }

  private String address() {
    return "http://127.0.0.1:" + gateway.getAddress().getPort() + "/";
  }
}
