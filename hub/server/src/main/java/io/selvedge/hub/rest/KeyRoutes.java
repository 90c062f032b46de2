package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.hub.security.KeyRing;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.KeyChange;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The key that deployments are signed with, and another one in its place. */
public final class KeyRoutes {

  private final KeyRing keys;
  private final Supplier<List<String>> others;
  private final Consumer<SignedEnvelope> changed;

  /**
   * @param others names of the hubs that sign with the same key now, if this is not the only one
   * @param changed tells the gateways
   */
  public KeyRoutes(KeyRing keys, Supplier<List<String>> others, Consumer<SignedEnvelope> changed) {
    this.keys = keys;
    this.others = others;
    this.changed = changed;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/keys", this::list), Route.post("/api/v1/keys/rotate", this::rotate));
  }

  private void list(Context request) {
    Answers.json(request, json());
  }

  private void rotate(Context request) throws IOException {
    List<String> sharing = others.get();
    if (!sharing.isEmpty()) {
      throw new RestException(
          409,
          "keys.shared",
          "hubs that share sign with one key, which none of them can give to the others; running"
              + " are "
              + sharing
              + ". Stop all of them, start one without --share, rotate there, copy its keys"
              + " directory into the others' data directories, and start all with --share; until"
              + " then the others do not start");
    }
    changed.accept(keys.rotate());
    Answers.json(request.status(201), json());
  }

  private ObjectNode json() {
    String publicKey = Keys.publicText(keys.current().getPublic());
    ObjectNode answer =
        Answers.object().put("id", Keys.id(keys.current().getPublic())).put("publicKey", publicKey);
    for (SignedEnvelope envelope : keys.changes()) {
      try {
        KeyChange change = KeyChange.parse(envelope);
        answer
            .withArray("/changes")
            .addObject()
            .put("issued", change.issued().toString())
            .put("from", change.revoke())
            .put("to", Keys.id(change.trust()));
      } catch (DeploymentException e) {
        throw new IllegalStateException("stored change of key is not readable", e);
      }
    }
    return answer;
  }
}
