package io.selvedge.itest;

import static java.util.concurrent.TimeUnit.MINUTES;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code bin/selvedge} on one instance. */
final class Command {

  private static final Pattern TOKEN = Pattern.compile("\"token\" ?: ?\"([^\"]+)\"");

  private final Path script;
  private final Path instance;
  private final int port;
  private final Map<String, String> environment = new HashMap<>();

  Command(Path script, Path instance, int port) {
    this.script = script;
    this.instance = instance;
    this.port = port;
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  /** The shipped programs on an instance below a directory, without devices and flows. */
  static Command bare(Path directory) throws IOException {
    return new Command(
            Distribution.home().resolve("bin/selvedge"),
            directory.resolve("instance"),
            Distribution.freePort())
        .bare();
  }

  /** Makes the instance one without devices and flows: a start takes half the time. */
  Command bare() throws IOException {
    Path conf = Files.createDirectories(instance.resolve("conf"));
    Files.writeString(conf.resolve("gateway.properties"), "gateway.id=bare\n");
    Files.copy(Distribution.home().resolve("config/logback.xml"), conf.resolve("logback.xml"));
    return this;
  }

  /**
   * How a command ended.
   *
   * @param output what it wrote, errors included
   */
  record Outcome(int code, String output) {}

  Command with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** The same instance with other programs. */
  Command by(Path otherScript) {
    return new Command(otherScript, instance, port);
  }

  /** Runs a command to its end. */
  Outcome run(String... words) throws IOException, InterruptedException {
    File output = File.createTempFile("selvedge", ".out");
    try {
      Process process = begin(output, words);
      if (!process.waitFor(5, MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "[" + String.join(" ", words) + "] did not end: " + Files.readString(output.toPath()));
      }
      return new Outcome(process.exitValue(), Files.readString(output.toPath()));
    } finally {
      Files.delete(output.toPath());
    }
  }

  /** Begins a command that goes on. */
  Process begin(File output, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(words));
    command.addAll(List.of("--instance", instance.toString(), "--port", Integer.toString(port)));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.redirectOutput(output).redirectInput(new File("/dev/null")).start();
  }

  /** Signs in, and returns the token of the session. */
  String signIn() throws IOException, InterruptedException {
    String code =
        run("sign-in").output().replaceAll("(?s).*?([0-9A-Z]{4}(-[0-9A-Z]{4}){3}).*", "$1");
    String answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address() + "api/sessions"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"code\": \"" + code + "\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    Matcher token = TOKEN.matcher(answer);
    if (!token.find()) {
      throw new AssertionError(answer);
    }
    return token.group(1);
  }

  String log() throws IOException {
    return Files.readString(instance.resolve("log/gateway.log"));
  }

  Path instance() {
    return instance;
  }

  String address() {
    return "http://127.0.0.1:" + port + "/";
  }
}
