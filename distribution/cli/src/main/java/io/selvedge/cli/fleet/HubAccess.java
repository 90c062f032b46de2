package io.selvedge.cli.fleet;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which hub, and with what right. */
final class HubAccess {

  private static final String USUAL = "http://127.0.0.1:8090";

  @Option(
      names = "--hub",
      paramLabel = "URL",
      description = "The hub's address; else $SELVEDGE_HUB, else " + USUAL + ".")
  private @Nullable String hub;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "File with the administrator's token; else the token is $SELVEDGE_HUB_TOKEN, else in"
              + " ~/.selvedge-hub/auth/admin-token.")
  private @Nullable Path tokenFile;

  @Option(names = "--json", description = "Print the hub's answer as JSON, for programs.")
  private boolean json;

  boolean json() {
    return json;
  }

  HubClient client() {
    return new HubClient(address(), token());
  }

  private URI address() {
    String text = Optional.ofNullable(hub).orElseGet(() -> environment("SELVEDGE_HUB", USUAL));
    if (!text.matches("https?://[^/ ]+/?")) {
      throw new HubException(
          ExitCodes.USAGE, "--hub [" + text + "] must be http://HOST:PORT or https://HOST:PORT");
    }
    return URI.create(text);
  }

  private String token() {
    String given = environment("SELVEDGE_HUB_TOKEN", "");
    if (tokenFile == null && !given.isEmpty()) {
      return given;
    }
    Path file =
        Optional.ofNullable(tokenFile)
            .orElse(Path.of(System.getProperty("user.home"), ".selvedge-hub/auth/admin-token"));
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new HubException(
          ExitCodes.USAGE,
          "token file ["
              + file
              + "] cannot be read ("
              + e.getClass().getSimpleName()
              + "); give one with --token-file, it is auth/admin-token of the hub's data");
    }
  }

  private static String environment(String name, String otherwise) {
    return Optional.ofNullable(System.getenv(name)).filter(s -> !s.isEmpty()).orElse(otherwise);
  }
}
