package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.uplink.Traffic;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.Chunker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from a web server that the deployment names, with the hub behind it. */
class HttpTransferTest {

  private static final int SIZE = 6 << 20;

  @TempDir Path directory = Path.of("."); // set before each test

  private final FakeBlockHub hub = new FakeBlockHub();
  private final Meter meter = new Meter(() -> {});
  private final byte[] content = new byte[SIZE];
  private final Artifact.File file;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong given = new AtomicLong();
  private final HttpServer server;

  /** What the server does with a request of such a number. */
  private interface Behaviour {
    void answer(HttpExchange exchange, int number, int from, int to) throws IOException;
  }

  private volatile Behaviour behaviour = (exchange, number, from, to) -> range(exchange, from, to);

  HttpTransferTest() throws IOException {
    new Random(1).nextBytes(content);
    file = hub.add(content);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
          String[] ends = range.replace("bytes=", "").split("-", -1);
          int from = Integer.parseInt(ends[0]);
          behaviour.answer(exchange, asked.incrementAndGet(), from, Integer.parseInt(ends[1]));
          exchange.close();
        });
  }

  private void range(HttpExchange exchange, int from, int to) throws IOException {
    byte[] bytes = Arrays.copyOfRange(content, from, to + 1);
    given.addAndGet(bytes.length);
    exchange.sendResponseHeaders(206, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @BeforeEach
  void start() {
    meter.begin(List.of(new Artifact(Artifact.Kind.MODEL, "m", "1", List.of(file))));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    hub.close();
  }

  private String host() {
    return "localhost:" + server.getAddress().getPort();
  }

  private void fetch(Set<String> allowed) throws Exception {
    TransferRules rules =
        new TransferRules(1 << 30, 0, 1 << 20, Optional.empty(), allowed, List.of());
    Source fromHub = hub.source(file);
    Source source =
        new Source("", fromHub.blocks(), Optional.of("http://" + host() + "/files/model.onnx"));
    Clock clock = Clock.systemUTC();
    new BlobFetcher(
            () -> Optional.of(hub),
            new BlobStore(directory, new QuickDisk(), 1 << 30, clock),
            rules,
            meter,
            new FakeEvents(),
            clock)
        .fetch(file, source, () -> false);
    assertThat(Files.readAllBytes(directory.resolve(file.sha256()))).isEqualTo(content);
  }

  @Test
  void comesInRangesAndTheHubIsNotAsked() throws Exception {
    fetch(Set.of(host()));

    assertThat(given.get()).isEqualTo(SIZE);
    assertThat(asked.get()).isGreaterThan(1);
    assertThat(hub.bytesSent.get()).isZero();
  }

  @Test
  void aHostThatIsNotAllowedIsNotAsked() throws Exception {
    fetch(Set.of("localhost"));
    assertThat(asked.get()).isZero();
    assertThat(hub.bytesSent.get()).isEqualTo(SIZE);
  }

  @Test
  void whatBreaksOffGoesOnWithTheHub() throws Exception {
    behaviour =
        (exchange, number, from, to) -> {
          if (number > 2) {
            exchange.sendResponseHeaders(503, -1);
          } else {
            range(exchange, from, to);
          }
        };
    fetch(Set.of(host()));
    assertThat(given.get()).isPositive();
    assertThat(hub.bytesSent.get()).isEqualTo(SIZE - given.get());
    assertThat(meter.progress().refetched()).isZero();
  }

  @Test
  void aServerThatLiesCostsOneBlock() throws Exception {
    behaviour =
        (exchange, number, from, to) -> {
          byte[] bytes = Arrays.copyOfRange(content, from, to + 1);
          bytes[bytes.length / 2] ^= 1;
          exchange.sendResponseHeaders(206, bytes.length);
          exchange.getResponseBody().write(bytes);
        };
    fetch(Set.of(host()));
    assertThat(meter.progress().refetched()).isBetween(1L, (long) Chunker.MOST);
    assertThat(asked.get()).isEqualTo(1);
  }

  @Test
  void aServerThatFallsSilentAmidABlockIsLeft() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    behaviour =
        (exchange, number, from, to) -> {
          exchange.sendResponseHeaders(206, to - from + 1);
          exchange.getResponseBody().write(content, from, 1000);
          exchange.getResponseBody().flush();
          awaitQuietly(end);
        };
    BlockList list = Chunker.list(new ByteArrayInputStream(content));
    try (BlockFile target = new BlockFile(directory.resolve("x"), list, new QuickDisk())) {
      BlockTransfer.Job job =
          new BlockTransfer.Job(file, hub.source(file).blocks().orElseThrow(), list, target, meter);
      Pace pace = new Pace(1 << 20, 0, new Courtesy(() -> Traffic.NONE), System.nanoTime());
      HttpTransfer transfer =
          new HttpTransfer(
              URI.create("http://" + host() + "/x"), job, pace, Duration.ofMillis(300));
      assertThatThrownBy(() -> transfer.run(() -> false)).isInstanceOf(IOException.class);
      assertThat(target.done()).isZero();
    } finally {
      end.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch end) {
    try {
      assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoGivesTheWholeFileInsteadOfARangeOrSendsElsewhereIsNotFollowed() throws Exception {
    behaviour =
        (exchange, number, from, to) -> {
          exchange.getResponseHeaders().add("Location", "http://" + host() + "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        };
    fetch(Set.of(host()));
    assertThat(asked.get()).isEqualTo(1);
    assertThat(hub.bytesSent.get()).isEqualTo(SIZE);
  }

  @Test
  void onlyHostsThatAreNamedAreAllowed() {
    TransferRules rules =
        new TransferRules(
            1, 0, 1, Optional.empty(), Set.of("files.example", "other.example:8443"), List.of());
    assertThat(rules.allows(URI.create("https://files.example/x"))).isTrue();
    assertThat(rules.allows(URI.create("https://FILES.example/x"))).isTrue();
    assertThat(rules.allows(URI.create("https://files.example:8443/x"))).isFalse();
    assertThat(rules.allows(URI.create("https://other.example:8443/x"))).isTrue();
    assertThat(rules.allows(URI.create("https://other.example/x"))).isFalse();
    assertThat(rules.allows(URI.create("https://files.example@evil.example/x"))).isFalse();
    assertThat(rules.allows(URI.create("https://files.example.evil.example/x"))).isFalse();
    assertThat(rules.allows(URI.create("https:opaque"))).isFalse();
  }
}
