package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.hub.broker.TopicAccess;
import io.selvedge.hub.security.Secrets;
import io.selvedge.hub.store.Counts;
import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Gateways;
import io.selvedge.hub.store.Groups;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.json.Fields;
import java.security.PublicKey;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enrolment and the fleet. */
public final class GatewayRoutes {

  private static final Logger log = LoggerFactory.getLogger(GatewayRoutes.class);

  private final Gateways gateways;
  private final Supplier<String> broker;
  private final Supplier<PublicKey> publicKey;
  private final String account;
  private final Consumer<String> voided;
  private final Clock clock;

  /**
   * @param broker address that gateways connect to
   * @param publicKey what gateways verify deployments with
   * @param voided told of a gateway whose password is void from now on
   */
  public GatewayRoutes(
      Gateways gateways,
      Supplier<String> broker,
      Supplier<PublicKey> publicKey,
      String account,
      Consumer<String> voided,
      Clock clock) {
    this.voided = voided;
    this.gateways = gateways;
    this.broker = broker;
    this.publicKey = publicKey;
    this.account = account;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/v1/gateways", this::enrol),
        Route.get("/api/v1/gateways", this::list),
        Route.get("/api/v1/gateways/{id}", this::one),
        Route.put("/api/v1/gateways/{id}/groups", this::group),
        Route.delete("/api/v1/gateways/{id}", this::revoke));
  }

  private void enrol(Context request) {
    Fields body = Answers.body(request);
    String id = body.text("id");
    Optional<Set<String>> groups =
        body.has("groups") ? Optional.of(groups(body)) : Optional.empty();
    if (!TopicAccess.isGatewayId(id)) {
      throw RestException.badRequest(
          "id ["
              + id
              + "] must begin with a letter or digit, hold at most 64 of A-Z a-z 0-9 . _ -, and"
              + " must not be HUB or begin with HUB-");
    }
    String password = Secrets.random();
    boolean again = gateways.enrol(id, Secrets.hash(password), clock.instant());
    groups.ifPresent(names -> gateways.group(id, names));
    if (again) {
      voided.accept(id);
    }
    log.info("Gateway {} enrolled{}", id, again ? " anew: its old password is void" : "");
    ObjectNode answer =
        Answers.object()
            .put("id", id)
            .put("account", account)
            .put("password", password)
            .put("broker", broker.get())
            .put("publicKey", Keys.publicText(publicKey.get()));
    if (gateways.isGrouped(id)) { // else a person may have set them at the gateway
      find(gateways, id).groups().forEach(answer.putArray("groups")::add);
    }
    Answers.json(request.status(201), answer);
  }

  private void list(Context request) {
    int limit = Params.limit(request);
    List<Gateway> page = gateways.list(Params.text(request, "after").orElse(""), limit);
    ArrayNode list = Answers.array();
    page.forEach(gateway -> list.add(json(gateway)));
    ObjectNode answer = Answers.object();
    answer.set("gateways", list);
    if (page.size() == limit) {
      answer.put("next", page.get(limit - 1).id());
    }
    Answers.json(request, answer);
  }

  private void one(Context request) {
    String id = request.pathParam("id");
    ObjectNode answer = json(find(gateways, id));
    ObjectNode counts = answer.putObject("counts");
    for (Counts one : gateways.counts(id)) {
      counts
          .putObject(one.app())
          .put("stored", one.stored())
          .put("duplicates", one.duplicates())
          .put("refused", one.refused());
    }
    Answers.json(request, answer);
  }

  private void group(Context request) {
    String id = find(gateways, request.pathParam("id")).id();
    gateways.group(id, groups(Answers.body(request)));
    Answers.json(request, json(find(gateways, id)));
  }

  /** It may be of none. */
  private static Set<String> groups(Fields body) {
    JsonNode list = body.raw("groups");
    return list.isArray() && list.isEmpty() ? Set.of() : Groups.of(body.texts("groups"));
  }

  private void revoke(Context request) {
    String id = request.pathParam("id");
    if (!gateways.revoke(id)) {
      throw unknown(id);
    }
    voided.accept(id);
    log.info("Gateway {} may no longer connect", id);
    request.status(204);
  }

  static Gateway find(Gateways gateways, String id) {
    return gateways.find(id).orElseThrow(() -> unknown(id));
  }

  private static RestException unknown(String id) {
    return new RestException(
        404,
        "gateway.unknown",
        "gateway [" + id + "] is not known here; enrol it with POST /api/v1/gateways");
  }

  private static ObjectNode json(Gateway gateway) {
    ObjectNode json = Answers.object().put("id", gateway.id());
    gateway.enrolled().ifPresent(time -> json.put("enrolled", time.toString()));
    gateway.groups().forEach(json.putArray("groups")::add);
    json.put("state", gateway.state().name()).put("since", gateway.since().toString());
    gateway.lastSeen().ifPresent(time -> json.put("lastSeen", time.toString()));
    gateway.born().ifPresent(time -> json.put("born", time.toString()));
    ObjectNode birth = json.putObject("birth");
    new TreeMap<>(gateway.birth()).forEach(birth::put);
    gateway.reported().ifPresent(reported -> json.set("reported", Answers.stored(reported)));
    gateway.reportedAt().ifPresent(time -> json.put("reportedAt", time.toString()));
    return json;
  }
}
