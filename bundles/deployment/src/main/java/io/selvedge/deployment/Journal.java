package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Written before anything is switched: the file {@code journal.json}. One rule makes a switch that
 * was cut short good again, whether it was committed or not: {@link Current} says what must be
 * active, the journal says what else may be, and that is retired.
 *
 * @param digest the deployment that was being switched to
 * @param attempts how often that was begun
 * @param touched what may be active beside what is live
 */
record Journal(String digest, int attempts, List<Artifact> touched) {

  /** Nothing is being switched. */
  static final Journal NONE = new Journal("", 0, List.of());

  Journal {
    touched = List.copyOf(touched);
  }

  /** The journal of one more attempt to switch. */
  Journal begin(String toDigest, List<Artifact> from, List<Artifact> to) {
    return new Journal(toDigest, toDigest.equals(digest) ? attempts + 1 : 1, touched)
        .touching(from, to);
  }

  /** The same attempt, in which these may be active as well. */
  Journal touching(List<Artifact> from, List<Artifact> to) {
    List<Artifact> all = new ArrayList<>(touched);
    all.addAll(from);
    all.addAll(to);
    return new Journal(digest, attempts, all.stream().distinct().toList());
  }

  byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1).put("digest", digest).put("attempts", attempts);
    json.set("artifacts", DeploymentDocument.toJson(touched));
    return Json.bytes(json);
  }

  static Journal parse(byte[] bytes) {
    Fields fields = Fields.parse("journal.json", bytes);
    fields.whole("format", 1, 1);
    return new Journal(
        fields.text("digest"),
        (int) fields.whole("attempts", 0, Integer.MAX_VALUE),
        DeploymentDocument.artifacts(fields));
  }
}
