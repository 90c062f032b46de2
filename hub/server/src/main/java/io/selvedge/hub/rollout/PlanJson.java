package io.selvedge.hub.rollout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.hub.deploy.Deployer.Slot;
import io.selvedge.hub.deploy.Terms;
import io.selvedge.hub.rollout.GroupPlan.Share;
import io.selvedge.hub.store.Groups;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/** A plan as JSON: as it is asked for, and as it is stored. */
public final class PlanJson {

  private static final long MOST_SECONDS = 366L * 24 * 3600;
  private static final int MOST_GROUPS = 100;
  private static final long ABSENT_SECONDS = 300;
  private static final long LOST_SECONDS = 3600;
  private static final long DAY_SECONDS = 24L * 3600;
  private static final double USUAL_ERROR_RATE = 0.02;
  private static final long USUAL_ROWS = 100;
  private static final long USUAL_SECONDS = 600;

  private PlanJson() {}

  /**
   * Reads what was asked for.
   *
   * @param artifact finds an artifact by kind, name and perhaps version
   * @throws IllegalArgumentException what is wrong with it
   */
  public static RolloutPlan asked(Fields body, Function<Fields, Artifact> artifact) {
    List<Artifact> added = new ArrayList<>();
    if (body.has("artifacts")) {
      body.objects("artifacts").forEach(one -> added.add(artifact.apply(one)));
    }
    return plan(body, added, true);
  }

  static RolloutPlan stored(String json) {
    Fields fields = Fields.parse("rollout", json.getBytes(StandardCharsets.UTF_8));
    return plan(fields, DeploymentDocument.artifacts(fields), false);
  }

  private static RolloutPlan plan(Fields body, List<Artifact> added, boolean asked) {
    List<Slot> removed = new ArrayList<>();
    if (body.has("remove")) {
      body.objects("remove")
          .forEach(
              one ->
                  removed.add(new Slot(one.oneOf("kind", Artifact.Kind.class), one.text("name"))));
    }
    Selection selection = selection(body);
    Terms terms =
        terms(body, asked && added.stream().anyMatch(a -> a.kind() == Artifact.Kind.MODEL));
    boolean lateComers =
        body.has("late_comers") ? flag(body, "late_comers") : selection instanceof Selection.Fleet;
    if (lateComers && selection instanceof Selection.Listed) {
      throw new IllegalArgumentException(
          "late_comers [true] must go with fleet: a list of gateways has no late-comers");
    }
    return new RolloutPlan(
        added,
        removed,
        selection,
        groups(body, timeout(terms)),
        terms,
        lateComers,
        body.has("absent_seconds") ? body.whole("absent_seconds", 0, MOST_SECONDS) : ABSENT_SECONDS,
        body.has("lost_seconds") ? body.whole("lost_seconds", 0, MOST_SECONDS) : LOST_SECONDS);
  }

  private static Selection selection(Fields body) {
    if (body.has("gateways") == body.has("fleet")) {
      throw new IllegalArgumentException(
          "one of gateways and fleet must be there: \"gateways\": [\"gw-1\"] or \"fleet\": {\"id\":"
              + " \"line-a-*\"}, {} for all");
    }
    if (body.has("gateways")) {
      return new Selection.Listed(body.texts("gateways").stream().distinct().toList());
    }
    Fields fleet = body.object("fleet");
    Map<String, String> birth = new HashMap<>();
    if (fleet.has("birth")) {
      Fields facts = fleet.object("birth");
      fleet.raw("birth").fieldNames().forEachRemaining(name -> birth.put(name, facts.text(name)));
    }
    Optional<String> group =
        fleet.has("group") ? Optional.of(Groups.require(fleet.text("group"))) : Optional.empty();
    return new Selection.Fleet(fleet.textOr("id", "*"), group, birth);
  }

  /** A day for the transfer, another one where a window has to come, and the trial. */
  private static long timeout(Terms terms) {
    long trial =
        terms.trial().flatMap(Trial::shadow).map(one -> one.seconds().orElse(0)).orElse(0L)
            + terms.trial().flatMap(Trial::live).map(one -> one.seconds().orElse(0)).orElse(0L);
    return Math.min(MOST_SECONDS, (terms.window().isPresent() ? 2 : 1) * DAY_SECONDS + trial);
  }

  private static List<GroupPlan> groups(Fields body, long timeout) {
    if (!body.has("groups")) {
      return List.of(
          usual("canary", new Share.Count(1), timeout),
          usual("tenth", new Share.Percent(10), timeout),
          usual("all", new Share.Rest(), timeout));
    }
    List<Fields> given = body.objects("groups");
    if (given.size() > MOST_GROUPS) {
      throw new IllegalArgumentException(
          "groups: [" + given.size() + "] must be at most " + MOST_GROUPS);
    }
    List<GroupPlan> groups = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      groups.add(group(given.get(i), "group-" + (i + 1), timeout));
    }
    return groups;
  }

  private static GroupPlan usual(String name, Share share, long timeout) {
    return new GroupPlan(name, share, 100, 0, List.of(), 0, timeout);
  }

  private static GroupPlan group(Fields json, String otherwise, long timeout) {
    double errors = json.has("max_error_percent") ? json.number("max_error_percent") : 0;
    return new GroupPlan(
        json.textOr("name", otherwise),
        share(json),
        json.has("min_success_percent") ? json.number("min_success_percent") : 100 - errors,
        errors,
        json.has("figures") ? FigureLimit.parse(json, "figures") : List.of(),
        json.has("wait_seconds") ? json.whole("wait_seconds", 0, MOST_SECONDS) : 0,
        json.has("timeout_seconds") ? json.whole("timeout_seconds", 0, MOST_SECONDS) : timeout);
  }

  private static Share share(Fields json) {
    List<Share> shares = new ArrayList<>();
    if (json.has("gateways")) {
      shares.add(new Share.Listed(json.texts("gateways").stream().distinct().toList()));
    }
    if (json.has("count")) {
      shares.add(new Share.Count((int) json.whole("count", 1, Integer.MAX_VALUE)));
    }
    if (json.has("percent")) {
      double percent = json.number("percent");
      if (!(percent > 0 && percent <= 100)) {
        throw new IllegalArgumentException(
            json.path() + ".percent [" + percent + "] must be above 0 and at most 100");
      }
      shares.add(new Share.Percent(percent));
    }
    if (json.has("rest") && flag(json, "rest")) {
      shares.add(new Share.Rest());
    }
    if (shares.size() != 1) {
      throw new IllegalArgumentException(
          json.path() + " must have exactly one of gateways, count, percent and \"rest\": true");
    }
    return shares.get(0);
  }

  private static Terms terms(Fields body, boolean usual) {
    Terms terms = Terms.parse(body);
    boolean without = body.has("without_trial") && flag(body, "without_trial");
    if (without && terms.trial().isPresent()) {
      throw new IllegalArgumentException(
          "without_trial [true] must not go with trial; leave one out");
    }
    return usual && !without && terms.trial().isEmpty()
        ? terms.with(Optional.of(usualTrial()))
        : terms;
  }

  /** A model has to answer before it counts as a success. */
  private static Trial usualTrial() {
    Trial.Conditions conditions =
        new Trial.Conditions(
            OptionalDouble.of(USUAL_ERROR_RATE),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty());
    return new Trial(
        Optional.empty(),
        Optional.of(
            new Trial.Live(
                OptionalLong.of(USUAL_ROWS), OptionalLong.of(USUAL_SECONDS), conditions)));
  }

  private static boolean flag(Fields json, String name) {
    if (!json.raw(name).isBoolean()) {
      throw new IllegalArgumentException(
          name + " [" + json.raw(name).asText() + "] must be true or false");
    }
    return json.raw(name).booleanValue();
  }

  /** As it is stored and shown. */
  public static ObjectNode json(RolloutPlan plan) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.set("artifacts", DeploymentDocument.toJson(plan.added()));
    if (!plan.removed().isEmpty()) {
      ArrayNode removed = json.putArray("remove");
      plan.removed()
          .forEach(
              one -> removed.addObject().put("kind", one.kind().name()).put("name", one.name()));
    }
    if (plan.selection() instanceof Selection.Listed listed) {
      listed.ids().forEach(json.putArray("gateways")::add);
    } else if (plan.selection() instanceof Selection.Fleet fleet) {
      ObjectNode selector = json.putObject("fleet").put("id", fleet.id());
      fleet.group().ifPresent(group -> selector.put("group", group));
      if (!fleet.birth().isEmpty()) {
        ObjectNode birth = selector.putObject("birth");
        fleet.birth().forEach(birth::put);
      }
    }
    ArrayNode groups = json.putArray("groups");
    plan.groups().forEach(group -> groups.add(json(group)));
    Terms terms = plan.terms();
    terms.trial().ifPresent(trial -> json.set("trial", trial.toJson()));
    terms.window().ifPresent(window -> json.set("window", window.toJson()));
    terms.minimumRuntime().ifPresent(v -> json.put("minimum_runtime", v.toString()));
    return json.put("late_comers", plan.lateComers())
        .put("absent_seconds", plan.absentSeconds())
        .put("lost_seconds", plan.lostSeconds());
  }

  private static ObjectNode json(GroupPlan group) {
    ObjectNode json = Json.mapper().createObjectNode().put("name", group.name());
    if (group.share() instanceof Share.Listed listed) {
      listed.ids().forEach(json.putArray("gateways")::add);
    } else if (group.share() instanceof Share.Count count) {
      json.put("count", count.count());
    } else if (group.share() instanceof Share.Percent percent) {
      json.put("percent", percent.percent());
    } else {
      json.put("rest", true);
    }
    json.put("min_success_percent", group.minSuccessPercent())
        .put("max_error_percent", group.maxErrorPercent());
    if (!group.figures().isEmpty()) {
      json.set("figures", FigureLimit.toJson(group.figures()));
    }
    return json.put("wait_seconds", group.waitSeconds())
        .put("timeout_seconds", group.timeoutSeconds());
  }
}
