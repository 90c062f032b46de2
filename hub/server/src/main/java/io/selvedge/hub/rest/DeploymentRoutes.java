package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import io.selvedge.hub.deploy.Deployer;
import io.selvedge.hub.deploy.Deployer.Change;
import io.selvedge.hub.deploy.Deployer.Slot;
import io.selvedge.hub.deploy.Terms;
import io.selvedge.hub.store.Deployment;
import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Gateways;
import io.selvedge.hub.store.Groups;
import io.selvedge.hub.store.Registered;
import io.selvedge.hub.store.Registry;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What gateways shall run. */
public final class DeploymentRoutes {

  private static final int MOST = 64;

  private final Gateways gateways;
  private final Registry registry;
  private final Deployer deployer;

  public DeploymentRoutes(Gateways gateways, Registry registry, Deployer deployer) {
    this.gateways = gateways;
    this.registry = registry;
    this.deployer = deployer;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/v1/deployments", this::deploy),
        Route.get("/api/v1/gateways/{id}/deployment", this::one));
  }

  private void deploy(Context request) {
    Fields body = Answers.body(request);
    if (body.has("group")) {
      deployToGroup(request, body);
      return;
    }
    String gateway = GatewayRoutes.find(gateways, body.text("gateway")).id();
    List<Artifact> added = new ArrayList<>();
    List<Slot> removed = new ArrayList<>();
    if (body.has("artifacts")) {
      body.objects("artifacts").forEach(one -> added.add(artifact(registry, one)));
    }
    if (body.has("remove")) {
      body.objects("remove")
          .forEach(one -> removed.add(new Slot(one.oneOf("kind", Kind.class), one.text("name"))));
    }
    if (added.isEmpty() && removed.isEmpty()) {
      throw RestException.badRequest(
          "artifacts is missing; name at least one, for example"
              + " {\"kind\": \"MODEL\", \"name\": \"occupancy\", \"version\": \"1\"}");
    }
    if (added.size() > MOST) {
      throw RestException.badRequest(
          "artifacts: [" + added.size() + "] must be at most " + MOST + " at a time");
    }
    boolean ownTerms = body.has("trial") || body.has("window") || body.has("minimum_runtime");
    Optional<Terms> terms = ownTerms ? Optional.of(Terms.parse(body)) : Optional.empty();
    Deployment deployment = deployer.deploy(gateway, new Change(added, removed, terms));
    ObjectNode answer = Answers.object().put("gateway", gateway);
    answer.setAll(json(deployment));
    Answers.json(request.status(201), answer);
  }

  private void deployToGroup(Context request, Fields body) {
    String group = Groups.require(body.text("group"));
    if (body.has("gateway") || body.has("remove")) {
      throw RestException.badRequest("group [" + group + "] must not go with gateway or remove");
    }
    if (!body.has("exactly") || !body.raw("exactly").asText().equals("true")) {
      throw RestException.badRequest(
          "group ["
              + group
              + "] must go with \"exactly\": true: its document is one for all, and what it does not"
              + " name is taken away from them. To change one artifact and leave the rest, ask for a"
              + " rollout with \"fleet\": {\"group\": \""
              + group
              + "\"}");
    }
    List<Artifact> artifacts = new ArrayList<>();
    body.objects("artifacts").forEach(one -> artifacts.add(artifact(registry, one)));
    if (artifacts.size() > MOST) {
      throw RestException.badRequest(
          "artifacts: [" + artifacts.size() + "] must be at most " + MOST + " at a time");
    }
    List<String> members = gateways.members(group);
    if (members.isEmpty()) {
      throw new RestException(
          404,
          "group.unknown",
          "group [" + group + "] has no gateways; PUT /api/v1/gateways/{id}/groups puts some in");
    }
    List<Deployment> issued = deployer.deploy(group, members, artifacts, Terms.parse(body));
    ObjectNode answer = Answers.object().put("group", group);
    members.forEach(answer.putArray("gateways")::add);
    answer.setAll(json(issued.get(0)));
    answer.put("envelope", issued.get(0).envelope());
    Answers.json(request.status(201), answer);
  }

  /** The registered one that is named by kind, name and perhaps version, else the newest. */
  static Artifact artifact(Registry registry, Fields one) {
    Kind kind = one.oneOf("kind", Kind.class);
    String name = one.text("name");
    Optional<Registered> found =
        one.has("version")
            ? registry.find(kind, name, one.text("version"))
            : registry.newest(kind, name);
    return found
        .orElseThrow(
            () ->
                new RestException(
                    404,
                    "artifact.unknown",
                    kind
                        + " ["
                        + name
                        + "] version ["
                        + one.textOr("version", "newest")
                        + "] is not in the registry; GET /api/v1/models lists what is"))
        .artifact();
  }

  private void one(Context request) {
    Gateway gateway = GatewayRoutes.find(gateways, request.pathParam("id"));
    ObjectNode answer = Answers.object().put("gateway", gateway.id());
    Optional<Deployment> newest = deployer.newest(gateway.id());
    newest.ifPresent(desired -> answer.set("desired", json(desired)));
    gateway.reported().ifPresent(json -> answer.set("reported", Answers.stored(json)));
    long live = answer.path("reported").path("deployment").path("revision").asLong();
    if (live > newest.map(Deployment::revision).orElse(0L)) {
      answer.put("unlisted", live);
    }
    gateway.reportedAt().ifPresent(time -> answer.put("reportedAt", time.toString()));
    Answers.json(request, answer);
  }

  private static ObjectNode json(Deployment deployment) {
    ObjectNode json =
        Answers.object()
            .put("revision", deployment.revision())
            .put("issued", deployment.issued().toString())
            .put("expires", deployment.expires().toString())
            .put("delivery", deployment.delivery().name())
            .put("deliveryMessage", deployment.deliveryMessage());
    json.set("artifacts", DeploymentDocument.toJson(Deployer.artifacts(deployment)));
    return json;
  }
}
