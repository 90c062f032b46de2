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

/** The key that deployments are signed with, and another one in its place. */
public final class KeyRoutes {

  private final KeyRing keys;
  private final boolean alone;
  private final Consumer<SignedEnvelope> changed;

  /**
   * @param alone whether no other hub signs with the same key
   * @param changed tells the gateways
   */
  public KeyRoutes(KeyRing keys, boolean alone, Consumer<SignedEnvelope> changed) {
    this.keys = keys;
    this.alone = alone;
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
    if (!alone) {
      throw new RestException(
          409,
          "keys.shared",
          "hubs that share sign with one key; stop all but this one, start it without --share,"
              + " rotate, and copy its keys directory to the others");
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
