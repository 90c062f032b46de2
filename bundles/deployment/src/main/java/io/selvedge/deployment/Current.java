package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.time.Instant;
import java.util.List;

/**
 * What this gateway runs and what became of the newest deployment that came: the file {@code
 * current.json}. It is replaced whole; its replacement is the moment at which a deployment is live.
 *
 * @param revision the live one, 0 where there was none yet
 * @param live its artifacts
 * @param previous those of the one before, kept on the disk
 * @param newest the newest deployment that was signed for this gateway
 */
record Current(long revision, List<Artifact> live, List<Artifact> previous, Newest newest) {

  /** Nothing came yet. */
  static final Current NONE =
      new Current(0, List.of(), List.of(), new Newest(0, "", State.NONE, "", "", Instant.EPOCH));

  /**
   * The newest deployment.
   *
   * @param revision no older one and no other one of this number is taken
   * @param digest SHA-256 of the document
   * @param state what became of it
   * @param code why it was refused, else empty
   * @param message the same for people
   * @param since when that state began
   */
  record Newest(
      long revision, String digest, State state, String code, String message, Instant since) {

    Newest as(State now, String why, String text, Instant when) {
      return new Newest(revision, digest, now, why, text, when);
    }
  }

  Current {
    live = List.copyOf(live);
    previous = List.copyOf(previous);
  }

  Current with(Newest other) {
    return new Current(revision, live, previous, other);
  }

  byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1);
    json.putObject("live")
        .put("revision", revision)
        .set("artifacts", DeploymentDocument.toJson(live));
    json.putObject("previous").set("artifacts", DeploymentDocument.toJson(previous));
    json.putObject("newest")
        .put("revision", newest.revision())
        .put("digest", newest.digest())
        .put("state", newest.state().name())
        .put("code", newest.code())
        .put("message", newest.message())
        .put("since", newest.since().toString());
    return Json.bytes(json);
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException it is damaged, and where
   */
  static Current parse(byte[] bytes) {
    Fields fields = Fields.parse("current.json", bytes);
    fields.whole("format", 1, 1);
    Fields live = fields.object("live");
    Fields newest = fields.object("newest");
    return new Current(
        live.whole("revision", 0, Long.MAX_VALUE),
        DeploymentDocument.artifacts(live),
        DeploymentDocument.artifacts(fields.object("previous")),
        new Newest(
            newest.whole("revision", 0, Long.MAX_VALUE),
            newest.text("digest"),
            newest.oneOf("state", State.class),
            newest.text("code"),
            newest.text("message"),
            newest.instant("since")));
  }
}
