package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What this gateway runs and what became of the newest deployment that came: the file {@code
 * current.json}. It is replaced whole; its replacement is the moment at which a deployment is live.
 *
 * @param revision the live one, 0 where there was none yet
 * @param live its artifacts
 * @param previous the last good one before it, kept on the disk
 * @param newest the newest deployment that was signed for this gateway
 * @param trial what the live one has yet to show; empty where it is good
 */
record Current(
    long revision, List<Artifact> live, Previous previous, Newest newest, Optional<OnTrial> trial) {

  /** Nothing came yet. */
  static final Current NONE =
      new Current(
          0,
          List.of(),
          Previous.NONE,
          new Newest(0, "", State.NONE, "", "", Instant.EPOCH, Optional.empty()),
          Optional.empty());

  /**
   * The last good deployment before the live one.
   *
   * @param revision 0 where there was none
   */
  record Previous(long revision, List<Artifact> artifacts) {

    static final Previous NONE = new Previous(0, List.of());

    Previous {
      artifacts = List.copyOf(artifacts);
    }
  }

  /**
   * The newest deployment.
   *
   * @param revision no older one and no other one of this number is taken
   * @param digest SHA-256 of the document
   * @param state what became of it
   * @param code why it was refused, else empty
   * @param message the same for people
   * @param since when that state began
   * @param trial how its trial went, where it had one
   */
  record Newest(
      long revision,
      String digest,
      State state,
      String code,
      String message,
      Instant since,
      Optional<TrialStatus> trial) {

    Newest as(State now, String why, String text, Instant when) {
      return new Newest(revision, digest, now, why, text, when, trial);
    }

    Newest with(Optional<TrialStatus> other) {
      return new Newest(
          revision, digest, state, code, message, since, other.isPresent() ? other : trial);
    }
  }

  Current {
    live = List.copyOf(live);
  }

  Current with(Newest other) {
    return new Current(revision, live, previous, other, trial);
  }

  /** What there is to go back to. */
  Previous good() {
    return trial.isPresent() ? previous : new Previous(revision, live);
  }

  /** The last good one is live again, and nothing else is left of the one that was. */
  Current backToPrevious(Newest other) {
    return new Current(
        previous.revision(), previous.artifacts(), previous, other, Optional.empty());
  }

  /** The live one has proved itself. */
  Current proved(Newest other) {
    return new Current(revision, live, previous, other, Optional.empty());
  }

  byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1);
    json.putObject("live")
        .put("revision", revision)
        .set("artifacts", DeploymentDocument.toJson(live));
    json.putObject("previous")
        .put("revision", previous.revision())
        .set("artifacts", DeploymentDocument.toJson(previous.artifacts()));
    trial.ifPresent(on -> json.set("trial", on.toJson()));
    ObjectNode last = json.putObject("newest");
    last.put("revision", newest.revision())
        .put("digest", newest.digest())
        .put("state", newest.state().name())
        .put("code", newest.code())
        .put("message", newest.message())
        .put("since", newest.since().toString());
    newest.trial().ifPresent(status -> last.set("trial", Reported.json(status)));
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
    Fields previous = fields.object("previous");
    return new Current(
        live.whole("revision", 0, Long.MAX_VALUE),
        DeploymentDocument.artifacts(live),
        new Previous(
            previous.has("revision") ? previous.whole("revision", 0, Long.MAX_VALUE) : 0,
            DeploymentDocument.artifacts(previous)),
        new Newest(
            newest.whole("revision", 0, Long.MAX_VALUE),
            newest.text("digest"),
            newest.oneOf("state", State.class),
            newest.text("code"),
            newest.text("message"),
            newest.instant("since"),
            newest.has("trial")
                ? Optional.of(Reported.trial(newest.object("trial")))
                : Optional.empty()),
        fields.has("trial")
            ? Optional.of(OnTrial.parse(fields.object("trial")))
            : Optional.empty());
  }
}
