package io.selvedge.bench.transfer;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.Waiting;
import io.selvedge.bench.kill.Program;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.Chunker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@link TransferHub} as a process, which may be killed and come back. */
final class HubChild implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Program program;

  /** A file that the hub has. */
  record Registered(Artifact.File file, Source source) {}

  HubChild(Path source, Path work, int brokerPort) throws IOException, InterruptedException {
    Path shipped = source.resolve("distribution/hub/target/selvedge-hub");
    if (!Files.isDirectory(shipped)) {
      throw new UsageException("hub [" + shipped + "] is not built; run ./selvedge build");
    }
    String classPath = System.getProperty("java.class.path").split(":", -1)[0];
    program =
        new Program(
            "hub",
            List.of(
                Program.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath + ":" + shipped.resolve("lib") + "/*",
                TransferHub.class.getName(),
                work.resolve("hub").toString(),
                "tcp://127.0.0.1:" + brokerPort),
            Map.of(),
            work.resolve("hub.out"));
    start();
  }

  private void start() throws IOException, InterruptedException {
    program.start();
    Waiting.until(
        START,
        "hub",
        () -> {
          program.mustLive();
          return program.said(TransferHub.READY);
        });
  }

  /** SIGKILL, and a new one. */
  void killAndStart() throws IOException, InterruptedException {
    program.kill();
    start();
  }

  static Registered add(Uplink uplink, Path file) throws IOException, InterruptedException {
    byte[] path = file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    Reply reply = ask(uplink, "add", Map.of(), path);
    Artifact.File added = new Artifact.File("model.onnx", text(reply, "sha256"), Files.size(file));
    Source.Blocks blocks = new Source.Blocks(Chunker.MOST, text(reply, "list"));
    return new Registered(added, new Source("", Optional.of(blocks), Optional.empty()));
  }

  /** Bytes of messages that went out for files so far, by this process. */
  static long sent(Uplink uplink) throws IOException, InterruptedException {
    return (long)
        ask(uplink, "sent", Map.of(), new byte[0])
            .metrics()
            .getOrDefault("bytes", Value.of(0L))
            .number()
            .orElse(0);
  }

  /** Lets it publish to a session, with nothing behind it. */
  static void raw(Uplink uplink, String session, long bytes)
      throws IOException, InterruptedException {
    ask(uplink, "raw", Map.of("bytes", Value.of(bytes)), session.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Reply reply, String metric) throws IOException {
    if (reply.metrics().get(metric) instanceof Value.Text text) {
      return text.value();
    }
    throw new IOException("hub did not tell [" + metric + "]: " + reply);
  }

  private static Reply ask(Uplink uplink, String resource, Map<String, Value> metrics, byte[] body)
      throws IOException, InterruptedException {
    Request request = new Request(Request.Method.EXEC, resource, new HashMap<>(metrics), body);
    try {
      Reply reply =
          uplink
              .request(TransferHub.BENCH, request, PATIENCE)
              .toCompletableFuture()
              .get(PATIENCE.toSeconds() + 5, TimeUnit.SECONDS);
      if (reply.code() != 200) {
        throw new IOException("hub answered [" + reply.code() + "] " + reply.message());
      }
      return reply;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("hub did not answer [" + resource + "]", e);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
