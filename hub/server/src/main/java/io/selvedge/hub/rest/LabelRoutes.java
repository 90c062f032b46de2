package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.hub.deploy.Deployer.Downlink;
import io.selvedge.hub.store.Gateways;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Labels that come back: what decisions should have been, told to the gateway that made them. */
public final class LabelRoutes {

  private static final String APP = "MODEL-V1";
  private static final long ANSWER_SECONDS = 15;
  private static final int MOST = 4096;

  private final Gateways gateways;
  private final Downlink downlink;

  public LabelRoutes(Gateways gateways, Downlink downlink) {
    this.gateways = gateways;
    this.downlink = downlink;
  }

  public List<Route> routes() {
    return List.of(Route.post("/api/v1/gateways/{id}/labels", this::labels));
  }

  private void labels(Context request) {
    Fields body = Answers.body(request);
    String gateway = GatewayRoutes.find(gateways, request.pathParam("id")).id();
    byte[] labels = checked(body);
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    downlink.ask(
        gateway, APP, new Request(Method.PUT, "labels", Map.of(), labels), reply::complete);
    Reply answer = answer(gateway, reply);
    if (answer.code() != 200) {
      int status = answer.code() == 400 || answer.code() == 404 ? answer.code() : 502;
      throw new RestException(status, "labels.refused", answer.message());
    }
    Answers.json(request, counts(answer));
  }

  /** As the wire wants them; the gateway knows which decisions they are of. */
  private static byte[] checked(Fields body) {
    List<Fields> given = body.objects("labels");
    if (given.size() > MOST) {
      throw RestException.badRequest(
          "labels: [" + given.size() + "] must be at most " + MOST + " at a time");
    }
    ObjectNode json = Answers.object();
    ArrayNode labels = json.putArray("labels");
    for (Fields one : given) {
      if (one.has("label") == one.has("value")) {
        throw RestException.badRequest(
            one.path() + " must have either label or value, for example \"label\": \"occupied\"");
      }
      ObjectNode label =
          labels
              .addObject()
              .put("flow", one.text("flow"))
              .put("time", one.instant("time").toString());
      if (one.has("label")) {
        label.put("label", one.text("label"));
      } else {
        label.put("value", one.number("value"));
      }
    }
    return Json.bytes(json);
  }

  private static Reply answer(String gateway, CompletableFuture<Reply> reply) {
    try {
      return reply.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new RestException(
          504,
          "gateway.silent",
          "gateway ["
              + gateway
              + "] has not answered within ["
              + ANSWER_SECONDS
              + "] s; is it connected?");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a reply does not fail", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RestException(503, "hub.stopping", "the hub is stopping; ask again");
    }
  }

  /** How many were taken. */
  private static ObjectNode counts(Reply answer) {
    return answer.body().length == 0
        ? Answers.object()
        : Answers.stored(new String(answer.body(), StandardCharsets.UTF_8));
  }
}
