package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * What is live has yet to prove itself. It stands in {@code current.json}, so that what is live and
 * that it is on trial are one fact, whenever the power goes.
 *
 * @param digest of the deployment's document
 * @param conditions what it has to show
 * @param since when it went live
 */
record OnTrial(String digest, Trial.Live conditions, Instant since) {

  ObjectNode toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("digest", digest).put("since", since.toString());
    json.set("conditions", new Trial(Optional.empty(), Optional.of(conditions)).toJson());
    return json;
  }

  static OnTrial parse(Fields fields) {
    return new OnTrial(
        fields.text("digest"),
        Trial.parse(fields.object("conditions"))
            .live()
            .orElseThrow(() -> new IllegalArgumentException("trial.conditions.live must be there")),
        fields.instant("since"));
  }
}
