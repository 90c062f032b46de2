package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What goes with rollouts: the fleet, what can be deployed, and one gateway at a time. */
public final class FleetCommands {

  private FleetCommands() {}

  /** {@code selvedge fleet}. */
  @Command(
      name = "fleet",
      mixinStandardHelpOptions = true,
      description = "List the hub's gateways: state, what each runs and how that does.")
  public static final class Fleet implements Callable<Integer> {

    @Mixin private HubAccess access = new HubAccess();

    @Override
    public Integer call() throws InterruptedException {
      HubClient hub = access.client();
      ArrayNode all = HubClient.JSON.createArrayNode();
      String after = "";
      JsonNode page;
      do {
        page = hub.get("/api/v1/gateways?limit=1000" + after);
        page.path("gateways").forEach(all::add);
        after = "&after=" + HubClient.encode(page.path("next").asText());
      } while (page.has("next"));
      if (access.json()) {
        System.out.println(all.toPrettyString());
        return ExitCodes.DONE;
      }
      for (JsonNode one : all) {
        JsonNode deployment = one.at("/reported/deployment");
        List<String> artifacts = new ArrayList<>();
        for (JsonNode artifact : one.at("/reported/artifacts")) {
          artifacts.add(
              artifact.path("kind").asText().toLowerCase(Locale.ROOT)
                  + "/"
                  + artifact.path("name").asText()
                  + "@"
                  + artifact.path("version").asText());
        }
        System.out.printf(
            Locale.ROOT,
            "%-20s %-8s revision %-4d %-10s %s%n",
            one.path("id").asText(),
            one.path("state").asText(),
            deployment.path("revision").asLong(),
            deployment.path("state").asText("NONE"),
            String.join(" ", artifacts));
      }
      return ExitCodes.DONE;
    }
  }

  /** {@code selvedge artifacts}. */
  @Command(
      name = "artifacts",
      mixinStandardHelpOptions = true,
      description = "List what is registered at the hub, of one kind.")
  public static final class Artifacts implements Callable<Integer> {

    @Mixin private HubAccess access = new HubAccess();

    @Parameters(
        paramLabel = "KIND",
        arity = "0..1",
        defaultValue = "model",
        description = "model (default), flow, bundle or configuration.")
    private String kind = "";

    @Override
    public Integer call() throws InterruptedException {
      JsonNode answer =
          access
              .client()
              .get("/api/v1/artifacts?kind=" + HubClient.encode(kind.toUpperCase(Locale.ROOT)));
      if (access.json()) {
        System.out.println(answer.toPrettyString());
        return ExitCodes.DONE;
      }
      for (JsonNode one : answer.path("artifacts")) {
        long bytes = 0;
        for (JsonNode file : one.path("files")) {
          bytes += file.path("size").asLong();
        }
        System.out.printf(
            Locale.ROOT,
            "%s/%s@%s  %d bytes  %s%n",
            kind,
            one.path("name").asText(),
            one.path("version").asText(),
            bytes,
            one.path("created").asText());
      }
      return ExitCodes.DONE;
    }
  }

  /** {@code selvedge register}. */
  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      description = "Register an artifact at the hub: all files of a directory, or single files.",
      footer = {
        "",
        "Example: selvedge register model/occupancy@8 build/model/   (model.json, model.onnx)"
      })
  public static final class Register implements Callable<Integer> {

    @Mixin private HubAccess access = new HubAccess();

    @Parameters(
        index = "0",
        paramLabel = "KIND/NAME@VERSION",
        converter = ArtifactName.Converter.class,
        description = "What it is to be called.")
    private ArtifactName artifact = new ArtifactName("", "", "");

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "FILE",
        description = "Files, or a directory.")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      if (artifact.version().isEmpty()) {
        throw new HubException(
            ExitCodes.USAGE, "artifact [" + artifact + "] must have a version: " + artifact + "@1");
      }
      HubClient hub = access.client();
      ObjectNode body = artifact.toJson();
      ArrayNode list = body.putArray("files");
      for (Path file : plain()) {
        JsonNode sent = hub.post("/api/v1/files", file);
        list.addObject()
            .put("path", String.valueOf(file.getFileName()))
            .put("sha256", sent.path("sha256").asText());
      }
      JsonNode made = hub.post("/api/v1/artifacts", body);
      System.out.println(
          access.json()
              ? made.toPrettyString()
              : "Registered " + artifact + " with " + list.size() + " files");
      return ExitCodes.DONE;
    }

    private List<Path> plain() throws IOException {
      List<Path> plain = new ArrayList<>();
      for (Path one : files) {
        if (Files.isDirectory(one)) {
          try (Stream<Path> within = Files.list(one)) {
            within.filter(Files::isRegularFile).sorted().forEach(plain::add);
          }
        } else if (Files.isReadable(one)) {
          plain.add(one);
        } else {
          throw new HubException(ExitCodes.USAGE, "file [" + one + "] cannot be read");
        }
      }
      return plain;
    }
  }

  /** {@code selvedge deploy}. */
  @Command(
      name = "deploy",
      mixinStandardHelpOptions = true,
      description = "Change what one gateway runs, at once and without groups.",
      footer = {"", "To many gateways: selvedge rollout create"})
  public static final class Deploy implements Callable<Integer> {

    private static final long BETWEEN_MILLIS = 500;

    @Mixin private TermsOptions terms = new TermsOptions();
    @Mixin private HubAccess access = new HubAccess();

    @Parameters(index = "0", paramLabel = "GATEWAY", description = "The gateway's id.")
    private String gateway = "";

    @Parameters(
        index = "1..*",
        paramLabel = "ARTIFACT",
        converter = ArtifactName.Converter.class,
        description = "NAME, NAME@VERSION or KIND/NAME@VERSION; the newest version.")
    private List<ArtifactName> artifacts = new ArrayList<>();

    @Option(
        names = "--remove",
        paramLabel = "KIND/NAME",
        converter = ArtifactName.Converter.class,
        description = "Take an artifact away.")
    private List<ArtifactName> removed = new ArrayList<>();

    @Option(
        names = "--wait",
        paramLabel = "TIME",
        defaultValue = "0",
        converter = Durations.class,
        description = "Wait so long for what becomes of it, for example 5m.")
    private long wait;

    @Override
    public Integer call() throws InterruptedException {
      HubClient hub = access.client();
      ObjectNode body = HubClient.JSON.createObjectNode().put("gateway", gateway);
      ArtifactName.put(body, "artifacts", artifacts);
      ArtifactName.put(body, "remove", removed);
      terms.into(body);
      JsonNode made = hub.post("/api/v1/deployments", body);
      long revision = made.path("revision").asLong();
      if (!access.json()) {
        System.out.println("Revision " + revision + " is issued for " + gateway);
      }
      JsonNode end = wait == 0 ? made : await(hub, new Deadline(wait), revision);
      if (access.json()) {
        System.out.println(end.toPrettyString());
      }
      return wait == 0 ? ExitCodes.DONE : exitCode(end);
    }

    private JsonNode await(HubClient client, Deadline deadline, long revision)
        throws InterruptedException {
      PatientHub hub = new PatientHub(client, PatientHub.USUAL, deadline);
      String shown = "";
      while (true) {
        JsonNode now = hub.get("/api/v1/gateways/" + HubClient.encode(gateway) + "/deployment");
        JsonNode reported = now.at("/reported/deployment");
        String state =
            reported.path("newest").asLong() == revision ? reported.path("state").asText() : "";
        if (!access.json() && !state.equals(shown)) {
          System.out.println(
              (state
                      + ' '
                      + reported.path("code").asText()
                      + ' '
                      + reported.path("message").asText())
                  .strip());
          shown = state;
        }
        boolean refused = now.at("/desired/delivery").asText().equals("REFUSED");
        if (refused || state.equals("ACTIVE") || state.matches("REFUSED|REVERTED")) {
          return now;
        }
        if (deadline.passed()) {
          throw new HubException(
              ExitCodes.TIMEOUT,
              "revision ["
                  + revision
                  + "] is "
                  + (state.isEmpty() ? "not begun" : state)
                  + " after "
                  + deadline);
        }
        Thread.sleep(BETWEEN_MILLIS);
      }
    }

    private static int exitCode(JsonNode end) {
      boolean refused = end.at("/desired/delivery").asText().equals("REFUSED");
      return !refused && end.at("/reported/deployment/state").asText().equals("ACTIVE")
          ? ExitCodes.DONE
          : ExitCodes.FAILED;
    }
  }
}
