package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code selvedge rollout create}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Ask for a rollout; print its number.%n",
    footer = {
      "",
      "Examples:",
      "  selvedge rollout create occupancy@7 --fleet 'line-a-*' --reason 'retrained' --watch",
      "  selvedge rollout create occupancy@7 flow/office@3 --gateway gw-1 --gateway gw-2 \\",
      "      --group canary:gw-1,wait=1h,min_agreement=0.9 --group all:rest,errors=5 \\",
      "      --trial trial.json --window 22:00-05:00 --start 2026-12-01T20:00:00Z"
    })
final class RolloutCreate implements Callable<Integer> {

  @Parameters(
      paramLabel = "ARTIFACT",
      arity = "0..*",
      converter = ArtifactName.Converter.class,
      description =
          "NAME, NAME@VERSION or KIND/NAME@VERSION; kind model where it is not given, the newest"
              + " version.")
  private List<ArtifactName> artifacts = new ArrayList<>();

  @Option(
      names = "--remove",
      paramLabel = "KIND/NAME",
      converter = ArtifactName.Converter.class,
      description = "Take an artifact away.")
  private List<ArtifactName> removed = new ArrayList<>();

  @Option(names = "--name", paramLabel = "TEXT", description = "For people; else the artifacts'.")
  private String name = "";

  @Option(names = "--gateway", paramLabel = "ID", description = "Only these; may be repeated.")
  private List<String> gateways = new ArrayList<>();

  @Option(
      names = "--fleet",
      paramLabel = "PATTERN",
      description = "Whose id matches, now and later: * any characters, ? one. Else everyone.")
  private String fleet = "";

  @Option(
      names = "--in",
      paramLabel = "GROUP",
      description = "Who is of a group of gateways, now and later; see selvedge groups.")
  private String member = "";

  @Option(
      names = "--birth",
      paramLabel = "NAME=PATTERN",
      description = "Whose birth says so, for example os_arch=aarch64; may be repeated.")
  private Map<String, String> birth = new LinkedHashMap<>();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      converter = GroupOption.Converter.class,
      description =
          "NAME:SHARE[,KEY=VALUE…], in their order. SHARE: a number, 10%%, rest, or ids joined by"
              + " +. KEY: wait, timeout, errors (most, %%), success (least, %%), min_FIGURE,"
              + " max_FIGURE. Else canary:1, tenth:10%%, all:rest.")
  private List<GroupOption> groups = new ArrayList<>();

  @Option(names = "--without-trial", description = "Installed is enough.")
  private boolean withoutTrial;

  @Option(
      names = "--start",
      paramLabel = "WHEN",
      description = "now (default), manual, or a time in UTC.")
  private String start = "";

  @Option(names = "--no-late-comers", description = "Who comes to match later does not join.")
  private boolean noLateComers;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "JSON as POST /api/v1/rollouts takes it; options take the place of its fields.")
  private @Nullable Path file;

  @Option(names = "--watch", description = "Then watch it; see rollout watch.")
  private boolean watch;

  @Mixin private TermsOptions terms = new TermsOptions();
  @Mixin private Reason reason = new Reason();
  @Mixin private HubAccess access = new HubAccess();

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode body = body();
    HubClient hub = access.client();
    JsonNode made = hub.post("/api/v1/rollouts", body);
    if (access.json() && !watch) {
      System.out.println(made.toPrettyString());
    } else if (!access.json()) {
      System.out.println(RolloutView.head(made));
    }
    return watch
        ? new RolloutWatch(hub, PatientHub.USUAL, new Deadline(0), System.out, access.json())
            .until(made.path("id").asLong())
        : ExitCodes.DONE;
  }

  private ObjectNode body() {
    ObjectNode body = file == null ? HubClient.JSON.createObjectNode() : TermsOptions.object(file);
    ArtifactName.put(body, "artifacts", artifacts);
    ArtifactName.put(body, "remove", removed);
    select(body);
    if (!groups.isEmpty()) {
      ArrayNode list = body.putArray("groups");
      groups.forEach(one -> list.add(one.json()));
    }
    terms.into(body);
    if (withoutTrial) {
      body.put("without_trial", true);
    }
    if (!start.isEmpty()) {
      body.put("start", start);
    }
    if (noLateComers) {
      body.put("late_comers", false);
    }
    if (!name.isEmpty() || !body.has("name")) {
      body.put("name", name.isEmpty() ? named() : name);
    }
    return reason.into(body);
  }

  private void select(ObjectNode body) {
    if (!gateways.isEmpty() && !(fleet.isEmpty() && member.isEmpty() && birth.isEmpty())) {
      throw usage(
          "--gateway " + gateways + " must not go with --fleet, --in or --birth; leave one out");
    }
    if (!gateways.isEmpty()) {
      body.remove("fleet");
      gateways.forEach(body.putArray("gateways")::add);
    } else if (!fleet.isEmpty() || !member.isEmpty() || !birth.isEmpty()) {
      body.remove("gateways");
      ObjectNode selector = body.putObject("fleet");
      if (!fleet.isEmpty()) {
        selector.put("id", fleet);
      }
      if (!member.isEmpty()) {
        selector.put("group", member);
      }
      birth.forEach(selector.putObject("birth")::put);
    } else if (!body.has("gateways") && !body.has("fleet")) {
      body.putObject("fleet");
    }
  }

  private String named() {
    if (artifacts.isEmpty() && removed.isEmpty()) {
      throw usage("ARTIFACT is missing; name at least one, for example occupancy@7");
    }
    String text =
        artifacts.isEmpty()
            ? "without " + removed.get(0).name()
            : artifacts.get(0).name() + ' ' + artifacts.get(0).version();
    return text.strip().replaceAll("[^A-Za-z0-9 ._-]", "-");
  }

  private static HubException usage(String message) {
    return new HubException(ExitCodes.USAGE, message);
  }
}
