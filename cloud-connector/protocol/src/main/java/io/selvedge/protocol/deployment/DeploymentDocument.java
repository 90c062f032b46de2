package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentException.Code;
import io.selvedge.protocol.json.Fields;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a gateway shall run: everything, not a change to it. What it no longer names is retired.
 *
 * @param target the only gateway, or the only group of gateways, that it is for
 * @param revision 1 or more; rises with each document that a gateway gets, never falls
 * @param issued when the hub made it, UTC
 * @param expires a gateway does not begin with it after this, UTC
 * @param minimumRuntime a gateway that runs an older version refuses it
 * @param rollout the rollout that it belongs to, for the hub's own use
 * @param window the part of the day in which it may be switched to
 * @param artifacts at most one of each kind and name; may be empty
 * @param sources how files come, by their SHA-256; a file that is not named comes {@link
 *     Source#PLAIN}
 * @param trial what it has to show before it is kept; without one it is kept at once
 */
public record DeploymentDocument(
    Target target,
    long revision,
    Instant issued,
    Instant expires,
    Optional<RuntimeVersion> minimumRuntime,
    Optional<String> rollout,
    Optional<Window> window,
    List<Artifact> artifacts,
    Map<String, Source> sources,
    Optional<Trial> trial) {

  /** The envelope's {@code payloadType}. */
  public static final String PAYLOAD_TYPE = "application/vnd.selvedge.deployment+json";

  /** The format that is written; all from 1 on are read. */
  public static final int FORMAT = 2;

  private static final int MOST_FILES = 64;

  public DeploymentDocument {
    Objects.requireNonNull(target, "target must not be null");
    Objects.requireNonNull(issued, "issued must not be null");
    Objects.requireNonNull(expires, "expires must not be null");
    if (revision < 1) {
      throw new IllegalArgumentException("revision [" + revision + "] must be 1 or more");
    }
    if (rollout.isPresent() && !rollout.get().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "rollout ["
              + rollout.get()
              + "] must start with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ -");
    }
    artifacts = List.copyOf(artifacts);
    sources = Map.copyOf(sources);
    requireDistinct(artifacts);
  }

  /** For one gateway, without any condition. */
  public DeploymentDocument(
      String gateway, long revision, Instant issued, Instant expires, List<Artifact> artifacts) {
    this(
        Target.gateway(gateway),
        revision,
        issued,
        expires,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        artifacts,
        Map.of(),
        Optional.empty());
  }

  /** The same for somebody else. */
  public DeploymentDocument with(Target newTarget) {
    return new DeploymentDocument(
        newTarget,
        revision,
        issued,
        expires,
        minimumRuntime,
        rollout,
        window,
        artifacts,
        sources,
        trial);
  }

  /** The same with another trial. */
  public DeploymentDocument with(Optional<Trial> newTrial) {
    return new DeploymentDocument(
        target,
        revision,
        issued,
        expires,
        minimumRuntime,
        rollout,
        window,
        artifacts,
        sources,
        newTrial);
  }

  /** The same with files from elsewhere. */
  public DeploymentDocument with(Map<String, Source> newSources) {
    return new DeploymentDocument(
        target,
        revision,
        issued,
        expires,
        minimumRuntime,
        rollout,
        window,
        artifacts,
        newSources,
        trial);
  }

  /** How a file comes. */
  public Source source(Artifact.File file) {
    return sources.getOrDefault(file.sha256(), Source.PLAIN);
  }

  /** What a gateway does with an envelope before it believes a word of it. */
  public static DeploymentDocument verify(SignedEnvelope envelope, Collection<PublicKey> trusted)
      throws DeploymentException {
    envelope.verify(trusted);
    if (!envelope.payloadType().equals(PAYLOAD_TYPE)) {
      throw new DeploymentException(
          Code.UNKNOWN_FORMAT,
          "payload type [" + envelope.payloadType() + "] must be " + PAYLOAD_TYPE);
    }
    return parse(envelope.payload());
  }

  /**
   * Reads a document.
   *
   * @throws DeploymentException unknown format or malformed
   */
  public static DeploymentDocument parse(byte[] json) throws DeploymentException {
    try {
      Fields fields = Fields.parse("deployment", json);
      long format = fields.whole("format", 1, Integer.MAX_VALUE);
      if (format > FORMAT) {
        throw new DeploymentException(
            Code.UNKNOWN_FORMAT,
            "deployment format ["
                + format
                + "] is not known here, only 1 to "
                + FORMAT
                + " are; upgrade the gateway");
      }
      return DocumentJson.read(fields, format);
    } catch (IllegalArgumentException e) {
      throw new DeploymentException(Code.MALFORMED, "deployment: " + e.getMessage(), e);
    }
  }

  /** Refuses what is not for this gateway, not new, too late or too new for what runs here. */
  public void requireFor(Recipient here, long newestSeen, Instant now) throws DeploymentException {
    if (!here.isMeantBy(target)) {
      throw new DeploymentException(
          Code.NOT_FOR_THIS_GATEWAY,
          "deployment is for "
              + target
              + ", this is gateway ["
              + here.gateway()
              + "] of groups "
              + here.groups().stream().sorted().toList());
    }
    if (revision <= newestSeen) {
      throw new DeploymentException(
          Code.OLD_REVISION,
          "revision ["
              + revision
              + "] must be above ["
              + newestSeen
              + "], the newest that this gateway has seen; issue it anew");
    }
    if (!now.isBefore(expires)) {
      throw new DeploymentException(
          Code.EXPIRED,
          "deployment expired at [" + expires + "], it is now [" + now + "]; issue it anew");
    }
    if (minimumRuntime.isPresent() && here.runtime().compareTo(minimumRuntime.get()) < 0) {
      throw new DeploymentException(
          Code.RUNTIME_TOO_OLD,
          "deployment needs runtime ["
              + minimumRuntime.get()
              + "], here runs ["
              + here.runtime()
              + "]; upgrade the gateway");
    }
  }

  public byte[] toJson() {
    return DocumentJson.write(this);
  }

  /** Artifacts as they stand in the reported state: as in a deployment, without their sources. */
  public static ArrayNode toJson(List<Artifact> artifacts) {
    return DocumentJson.write(artifacts, Map.of());
  }

  /**
   * Reads the field {@code artifacts}; a missing or empty list is none.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  public static List<Artifact> artifacts(Fields fields) {
    return DocumentJson.artifacts(fields);
  }

  private static void requireDistinct(List<Artifact> artifacts) {
    Set<String> seen = new HashSet<>();
    for (Artifact artifact : artifacts) {
      String what = artifact.kind() + "/" + artifact.name();
      if (!seen.add(what)) {
        throw new IllegalArgumentException("artifact [" + what + "] must be named once");
      }
      if (artifact.files().size() > MOST_FILES
          || artifact.files().stream().map(Artifact.File::path).distinct().count()
              != artifact.files().size()) {
        throw new IllegalArgumentException(
            "artifact [" + what + "] must have at most " + MOST_FILES + " files, each path once");
      }
    }
  }
}
