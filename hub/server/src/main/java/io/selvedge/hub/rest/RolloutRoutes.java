package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.hub.rollout.Group;
import io.selvedge.hub.rollout.PlanJson;
import io.selvedge.hub.rollout.Rollout;
import io.selvedge.hub.rollout.RolloutEvent;
import io.selvedge.hub.rollout.RolloutException;
import io.selvedge.hub.rollout.RolloutPlan;
import io.selvedge.hub.rollout.RolloutState;
import io.selvedge.hub.rollout.RolloutStore;
import io.selvedge.hub.rollout.Rollouts;
import io.selvedge.hub.rollout.Rollouts.By;
import io.selvedge.hub.rollout.Target;
import io.selvedge.hub.rollout.TargetState;
import io.selvedge.hub.store.Registry;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deployments that are taken to many gateways. */
public final class RolloutRoutes {

  private static final String PATH = "/api/v1/rollouts";
  private static final String ONE = PATH + "/{id}";

  private final Rollouts rollouts;
  private final Registry registry;
  private final Clock clock;

  public RolloutRoutes(Rollouts rollouts, Registry registry, Clock clock) {
    this.rollouts = rollouts;
    this.registry = registry;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.post(PATH, this::create),
        Route.get(PATH, this::list),
        Route.get(ONE, this::one),
        Route.get(ONE + "/gateways", this::gateways),
        Route.get(ONE + "/events", this::events),
        Route.post(ONE + "/start", this::start),
        Route.post(ONE + "/pause", this::pause),
        Route.post(ONE + "/resume", this::resume),
        Route.post(ONE + "/abort", this::abort));
  }

  private void create(Context request) {
    Fields body = Answers.body(request);
    RolloutPlan plan = PlanJson.asked(body, one -> DeploymentRoutes.artifact(registry, one));
    Optional<Instant> startAt = startAt(body);
    long id = done(() -> rollouts.create(body.text("name"), plan, startAt, by(body)));
    Answers.json(request.status(201), json(find(id)));
  }

  /** Now, at a time, or by hand. */
  private Optional<Instant> startAt(Fields body) {
    String start = body.textOr("start", "now");
    return switch (start) {
      case "now" -> Optional.of(clock.instant());
      case "manual" -> Optional.empty();
      default -> {
        try {
          yield Optional.of(body.instant("start"));
        } catch (IllegalArgumentException e) {
          throw RestException.badRequest(
              "start ["
                  + start
                  + "] must be now, manual or a time in UTC, for example 2026-01-31T22:00:00Z");
        }
      }
    };
  }

  private void list(Context request) {
    int limit = Params.limit(request);
    ArrayNode list = Answers.array();
    List<Rollout> page =
        rollouts
            .store()
            .list(
                Params.text(request, "state").map(s -> state(s, RolloutState.class)),
                Params.whole(request, "before", Long.MAX_VALUE),
                limit);
    page.forEach(rollout -> list.add(brief(rollout)));
    ObjectNode answer = Answers.object();
    answer.set("rollouts", list);
    if (page.size() == limit) {
      answer.put("next", page.get(limit - 1).id());
    }
    Answers.json(request, answer);
  }

  private void one(Context request) {
    Answers.json(request, json(find(id(request))));
  }

  private void gateways(Context request) {
    Rollout rollout = find(id(request));
    Optional<TargetState> state =
        Params.text(request, "state").map(s -> state(s, TargetState.class));
    Optional<String> group = Params.text(request, "group");
    List<Group> groups = rollouts.store().groups(rollout.id());
    ArrayNode list = Answers.array();
    for (Target one : rollouts.store().targets(rollout.id())) {
      String name = groups.get(one.group()).name();
      if (state.filter(s -> s != one.state()).isEmpty()
          && group.filter(g -> !g.equals(name)).isEmpty()) {
        list.add(json(one, name));
      }
    }
    ObjectNode answer = Answers.object();
    answer.set("gateways", list);
    Answers.json(request, answer);
  }

  private void events(Context request) {
    Rollout rollout = find(id(request));
    int limit = Params.limit(request);
    List<RolloutEvent> page =
        rollouts.store().events(rollout.id(), Params.whole(request, "after", 0), limit);
    ArrayNode list = Answers.array();
    for (RolloutEvent one : page) {
      list.addObject()
          .put("id", one.id())
          .put("at", one.at().toString())
          .put("who", one.who())
          .put("subject", one.subject())
          .put("from", one.from())
          .put("to", one.to())
          .put("why", one.why());
    }
    ObjectNode answer = Answers.object();
    answer.set("events", list);
    if (page.size() == limit) {
      answer.put("next", page.get(limit - 1).id());
    }
    Answers.json(request, answer);
  }

  private void start(Context request) {
    Fields body = action(request);
    act(request, id -> rollouts.start(id, by(body)));
  }

  private void pause(Context request) {
    Fields body = action(request);
    act(request, id -> rollouts.pause(id, by(body)));
  }

  private void resume(Context request) {
    Fields body = action(request);
    boolean retry = flag(body, "retry");
    act(request, id -> rollouts.resume(id, retry, by(body)));
  }

  private void abort(Context request) {
    Fields body = action(request);
    boolean takeBack = flag(body, "take_back");
    act(request, id -> rollouts.abort(id, takeBack, by(body)));
  }

  @FunctionalInterface
  private interface Action {
    void on(long id) throws RolloutException;
  }

  @FunctionalInterface
  private interface Work<T> {
    T get() throws RolloutException;
  }

  private void act(Context request, Action action) {
    long id = id(request);
    boolean unused =
        done(
            () -> {
              action.on(id);
              return true;
            });
    Answers.json(request, json(find(id)));
  }

  private static <T> T done(Work<T> work) {
    try {
      return work.get();
    } catch (RolloutException e) {
      int status =
          switch (e.code()) {
            case "rollout.unknown", "gateway.unknown" -> 404;
            case "rollout.no_gateways" -> 400;
            default -> 409;
          };
      throw new RestException(status, e.code(), String.valueOf(e.getMessage()));
    }
  }

  /** The body of what needs none. */
  private static Fields action(Context request) {
    byte[] bytes = request.bodyAsBytes();
    return Fields.parse("body", bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes);
  }

  private static boolean flag(Fields body, String name) {
    if (!body.has(name)) {
      return false;
    }
    if (!body.raw(name).isBoolean()) {
      throw RestException.badRequest(
          name + " [" + body.raw(name).asText() + "] must be true or false");
    }
    return body.raw(name).booleanValue();
  }

  private static By by(Fields body) {
    return new By(body.textOr("by", "administrator"), body.textOr("reason", ""));
  }

  private static <E extends Enum<E>> E state(String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> one.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                RestException.badRequest(
                    "state ["
                        + text
                        + "] must be one of "
                        + Arrays.toString(type.getEnumConstants())));
  }

  private static long id(Context request) {
    String id = request.pathParam("id");
    if (!id.matches("\\d{1,18}")) {
      throw new RestException(
          404, "rollout.unknown", "rollout [" + id + "] is not known here; its id is a number");
    }
    return Long.parseLong(id);
  }

  private Rollout find(long id) {
    return rollouts
        .store()
        .find(id)
        .orElseThrow(
            () ->
                new RestException(
                    404, "rollout.unknown", String.valueOf(Rollouts.unknown(id).getMessage())));
  }

  private ObjectNode brief(Rollout rollout) {
    ObjectNode json =
        Answers.object()
            .put("id", rollout.id())
            .put("name", rollout.name())
            .put("state", rollout.state().name())
            .put("since", rollout.since().toString())
            .put("created", rollout.created().toString())
            .put("createdBy", rollout.createdBy());
    rollout.startAt().ifPresent(time -> json.put("startAt", time.toString()));
    ObjectNode counts = json.putObject("counts");
    rollouts.store().counts(rollout.id()).forEach((state, many) -> counts.put(state.name(), many));
    return json;
  }

  private ObjectNode json(Rollout rollout) {
    ObjectNode json = brief(rollout);
    json.put("takeBack", rollout.takeBack());
    Map<Integer, Map<TargetState, Integer>> counts = new java.util.HashMap<>();
    for (Target one : rollouts.store().targets(rollout.id())) {
      counts
          .computeIfAbsent(one.group(), number -> new EnumMap<>(TargetState.class))
          .merge(one.state(), 1, Integer::sum);
    }
    Map<Integer, String> waits = rollouts.waits(rollout);
    ArrayNode groups = json.putArray("groups");
    for (Group group : rollouts.store().groups(rollout.id())) {
      ObjectNode one =
          groups
              .addObject()
              .put("name", group.name())
              .put("state", group.state().name())
              .put("since", group.since().toString());
      Optional.ofNullable(waits.get(group.number())).ifPresent(text -> one.put("waits", text));
      ObjectNode inGroup = one.putObject("counts");
      counts
          .getOrDefault(group.number(), Map.of())
          .forEach((state, many) -> inGroup.put(state.name(), many));
    }
    json.set("plan", PlanJson.json(rollout.plan()));
    return json;
  }

  private static ObjectNode json(Target one, String group) {
    ObjectNode json =
        Answers.object()
            .put("gateway", one.gateway())
            .put("group", group)
            .put("state", one.state().name())
            .put("since", one.since().toString())
            .put("accepted", one.accepted());
    one.absent().ifPresent(since -> json.put("absentSince", since.toString()));
    if (one.revision() > 0) {
      json.put("revision", one.revision());
      one.issued().ifPresent(time -> json.put("issued", time.toString()));
      json.set("former", DeploymentDocument.toJson(one.former()));
    }
    if (!one.code().isEmpty() || !one.message().isEmpty()) {
      json.put("code", one.code()).put("message", one.message());
    }
    for (String part : List.of("progress", "trial")) {
      JsonNode said = RolloutStore.part(one.report(), part);
      if (said.isObject()) {
        json.set(part, said);
      }
    }
    return json;
  }
}
