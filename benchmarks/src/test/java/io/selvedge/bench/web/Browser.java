package io.selvedge.bench.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.bench.Children;
import io.selvedge.bench.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A Chromium without a screen, with one page, driven over its DevTools protocol. */
final class Browser implements AutoCloseable {

  /** Why a test is skipped. */
  static final String ABSENT = "no chromium on the PATH; install the Debian package chromium";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Thread end;
  private final WebSocket socket;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();

  /** The program; empty where the machine has none. */
  static Optional<Path> program() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(folder -> Stream.of(Path.of(folder, "chromium"), Path.of(folder, "google-chrome")))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Browser(Path program, Path work) throws IOException, InterruptedException {
    Path profile = Files.createDirectories(work.resolve("profile"));
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox", // a build may run as root; it sees our own pages only
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--window-size=1200,900",
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("browser.out").toFile())
            .start();
    end = Children.endWithUs(process);
    try {
      socket = connected(profile.resolve("DevToolsActivePort"), work.resolve("browser.out"));
      for (String domain : List.of("Runtime", "Log", "Page")) {
        call(domain + ".enable", Map.of());
      }
    } catch (IOException | InterruptedException e) {
      endAll();
      throw e;
    }
  }

  private WebSocket connected(Path active, Path output) throws IOException, InterruptedException {
    Waiting.until(
        PATIENCE,
        "browser ready",
        () -> {
          if (!process.isAlive()) {
            throw new IOException("browser ended by itself: " + Files.readString(output));
          }
          return Files.exists(active) && Files.readAllLines(active).size() > 1;
        });
    URI list =
        URI.create("http://127.0.0.1:" + Files.readAllLines(active).get(0).strip() + "/json/list");
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    String[] address = {""};
    Waiting.until(
        PATIENCE,
        "a page",
        () -> {
          HttpRequest request = HttpRequest.newBuilder(list).timeout(PATIENCE).build();
          String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
          for (JsonNode target : JSON.readTree(body)) {
            if (target.path("type").asText().equals("page")) {
              address[0] = target.path("webSocketDebuggerUrl").asText();
            }
          }
          return !address[0].isEmpty();
        });
    return answer(http.newWebSocketBuilder().buildAsync(URI.create(address[0]), new Listener()));
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          heard(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void heard(JsonNode message) {
    CompletableFuture<JsonNode> waits = asked.remove(message.path("id").asInt(-1));
    if (waits != null) {
      waits.complete(message);
      return;
    }
    JsonNode said = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown" -> faults.add(said.path("exceptionDetails").toString());
      case "Runtime.consoleAPICalled" -> {
        if (said.path("type").asText().matches("error|assert")) {
          faults.add("console: " + said.path("args"));
        }
      }
      case "Log.entryAdded" -> log(said.path("entry"));
      default -> {
        // of no interest
      }
    }
  }

  /** What REST refuses, the pages tell themselves; a file of theirs that is missing they do not. */
  private void log(JsonNode entry) {
    boolean rest = entry.path("url").asText().contains("/api/");
    boolean network = entry.path("source").asText().equals("network");
    if (entry.path("level").asText().equals("error") && !(rest && network)) {
      faults.add("log: " + entry);
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws IOException {
    int id = number.incrementAndGet();
    CompletableFuture<JsonNode> waits = new CompletableFuture<>();
    asked.put(id, waits);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    WebSocket unused = answer(socket.sendText(message.toString(), true));
    return answer(waits);
  }

  private static <T> T answer(CompletableFuture<T> future) throws IOException {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the browser does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Opens an address. */
  void open(URI address) throws IOException {
    JsonNode unused = call("Page.navigate", Map.of("url", address.toString()));
  }

  /** What a script says; empty where it throws, as it may while a page is being replaced. */
  Optional<JsonNode> ask(String script) throws IOException {
    JsonNode answer = call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true));
    boolean threw = answer.has("error") || answer.path("result").has("exceptionDetails");
    return threw
        ? Optional.empty()
        : Optional.of(answer.path("result").path("result").path("value"));
  }

  /**
   * Waits until a script is true, for as long as a busy machine may take.
   *
   * @throws AssertionError it does not become true: with what the page shows, and what went wrong
   */
  void await(String script) throws IOException, InterruptedException {
    await(script, PATIENCE);
  }

  void await(String script, Duration patience) throws IOException, InterruptedException {
    if (!Waiting.patiently(patience, () -> ask(script).filter(JsonNode::asBoolean).isPresent())) {
      String shown = ask("location.href + '\\n' + document.body.innerText").orElseThrow().asText();
      throw new AssertionError("[" + script + "] is not true of " + shown + "\n" + faults);
    }
  }

  /** Runs a script that must not throw. */
  void run(String script) throws IOException {
    if (ask(script).isEmpty()) {
      throw new AssertionError("[" + script + "] cannot be run; " + faults);
    }
  }

  /** Scripts that threw, what was logged as an error, files that were not there. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    socket.abort();
    endAll();
  }

  /** Its parts are processes of their own, and write to the profile until they have ended, too. */
  private void endAll() {
    List<ProcessHandle> parts = process.descendants().toList();
    Children.end(process, end, Duration.ofSeconds(10));
    parts.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle part : parts) {
      try {
        part.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("part [" + part + "] of the browser does not end", e);
      }
    }
  }
}
