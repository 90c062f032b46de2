package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.AskedStop;
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
 * @param switches how often it came so far that something of it was started
 * @param stops how many attempts do not count, because somebody stopped the gateway amid them
 * @param touched what may be active beside what is live
 */
record Journal(String digest, int attempts, int switches, int stops, List<Artifact> touched) {

  /** Nothing is being switched. */
  static final Journal NONE = new Journal("", 0, 0, 0, List.of());

  Journal {
    touched = List.copyOf(touched);
  }

  /** The journal of one more attempt to switch. */
  Journal begin(String toDigest, List<Artifact> from, List<Artifact> to) {
    boolean again = toDigest.equals(digest);
    return again
        ? new Journal(toDigest, attempts + 1, switches, stops, all(from, to))
        : new Journal(toDigest, 1, 0, 0, all(from, to));
  }

  /** The same attempt: something of it is about to be started, and these may be active then. */
  Journal switching(List<Artifact> from, List<Artifact> to) {
    return new Journal(digest, attempts, switches + 1, stops, all(from, to));
  }

  private List<Artifact> all(List<Artifact> from, List<Artifact> to) {
    List<Artifact> all = new ArrayList<>(touched);
    all.addAll(from);
    all.addAll(to);
    return all.stream().distinct().toList();
  }

  /** What else may be active, and nothing that is being switched to. */
  static Journal touched(List<Artifact> touched) {
    return new Journal("", 0, 0, 0, touched.stream().distinct().toList());
  }

  /** The process has lasted: attempts are counted from the beginning. */
  Journal lasted() {
    return new Journal(digest, 1, 0, 0, touched);
  }

  /** As though the process that has found that one at its start had not begun anything. */
  Journal uncounted(Journal found) {
    boolean same = digest.equals(found.digest);
    int before = Math.min(attempts, same ? found.attempts : 0);
    int switched = Math.min(switches, same ? found.switches : 0);
    boolean changes = before < attempts || switched < switches;
    return changes && stops < AskedStop.MOST
        ? new Journal(digest, before, switched, stops + 1, touched)
        : this;
  }

  /** The same, where these may be active. */
  Journal with(List<Artifact> open) {
    return new Journal(digest, attempts, switches, stops, open);
  }

  byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1).put("digest", digest).put("attempts", attempts);
    json.put("switches", switches).put("stops", stops);
    json.set("artifacts", DeploymentDocument.toJson(touched));
    return Json.bytes(json);
  }

  static Journal parse(byte[] bytes) {
    Fields fields = Fields.parse("journal.json", bytes);
    fields.whole("format", 1, 1);
    return new Journal(
        fields.text("digest"),
        (int) fields.whole("attempts", 0, Integer.MAX_VALUE),
        count(fields, "switches"),
        count(fields, "stops"),
        DeploymentDocument.artifacts(fields));
  }

  /** Versions before this one did not write all of them. */
  private static int count(Fields fields, String name) {
    return fields.has(name) ? (int) fields.whole(name, 0, Integer.MAX_VALUE) : 0;
  }
}
