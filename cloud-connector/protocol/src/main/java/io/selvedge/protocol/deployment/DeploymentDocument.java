package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentException.Code;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What one gateway shall run: everything, not a change to it. What it no longer names is retired.
 *
 * @param gateway the only gateway it is for
 * @param revision 1 or more; rises with each document for that gateway, never falls
 * @param issued when the hub made it, UTC
 * @param expires a gateway does not begin with it after this, UTC
 * @param artifacts at most one of each kind and name; may be empty
 */
public record DeploymentDocument(
    String gateway, long revision, Instant issued, Instant expires, List<Artifact> artifacts) {

  /** The envelope's {@code payloadType}. */
  public static final String PAYLOAD_TYPE = "application/vnd.selvedge.deployment+json";

  /** The only format there is so far. */
  public static final int FORMAT = 1;

  private static final int MOST_FILES = 64;
  private static final long MOST_FILE_BYTES = 1L << 32;

  public DeploymentDocument {
    Objects.requireNonNull(gateway, "gateway must not be null");
    Objects.requireNonNull(issued, "issued must not be null");
    Objects.requireNonNull(expires, "expires must not be null");
    if (revision < 1) {
      throw new IllegalArgumentException("revision [" + revision + "] must be 1 or more");
    }
    artifacts = List.copyOf(artifacts);
    requireDistinct(artifacts);
  }

  /** What a gateway does with an envelope before it believes a word of it. */
  public static DeploymentDocument verify(
      SignedEnvelope envelope, Collection<java.security.PublicKey> trusted)
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
      if (format != FORMAT) {
        throw new DeploymentException(
            Code.UNKNOWN_FORMAT,
            "deployment format ["
                + format
                + "] is not known here, only "
                + FORMAT
                + " is; upgrade the gateway");
      }
      return new DeploymentDocument(
          fields.text("gateway"),
          fields.whole("revision", 1, Long.MAX_VALUE),
          fields.instant("issued"),
          fields.instant("expires"),
          artifacts(fields));
    } catch (IllegalArgumentException e) {
      throw new DeploymentException(Code.MALFORMED, "deployment: " + e.getMessage(), e);
    }
  }

  /** Refuses what is not for this gateway, not new or too late. */
  public void requireFor(String thisGateway, long newestSeen, Instant now)
      throws DeploymentException {
    if (!gateway.equals(thisGateway)) {
      throw new DeploymentException(
          Code.NOT_FOR_THIS_GATEWAY,
          "deployment is for gateway [" + gateway + "], this is [" + thisGateway + "]");
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
  }

  public byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", FORMAT);
    json.put("gateway", gateway);
    json.put("revision", revision);
    json.put("issued", issued.toString());
    json.put("expires", expires.toString());
    json.set("artifacts", toJson(artifacts));
    return Json.bytes(json);
  }

  /** Artifacts as they stand in a deployment and in the reported state. */
  public static ArrayNode toJson(List<Artifact> artifacts) {
    ArrayNode list = Json.mapper().createArrayNode();
    for (Artifact artifact : artifacts) {
      ObjectNode one = list.addObject();
      one.put("kind", artifact.kind().name());
      one.put("name", artifact.name());
      one.put("version", artifact.version());
      ArrayNode files = one.putArray("files");
      for (Artifact.File file : artifact.files()) {
        files
            .addObject()
            .put("path", file.path())
            .put("sha256", file.sha256())
            .put("size", file.size());
      }
    }
    return list;
  }

  /**
   * Reads the field {@code artifacts}; a missing or empty list is none.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  public static List<Artifact> artifacts(Fields fields) {
    List<Artifact> artifacts = new ArrayList<>();
    if (!fields.has("artifacts") || fields.raw("artifacts").isEmpty()) {
      return artifacts;
    }
    for (Fields one : fields.objects("artifacts")) {
      List<Artifact.File> files = new ArrayList<>();
      for (Fields file : one.objects("files")) {
        files.add(
            new Artifact.File(
                file.text("path"), file.text("sha256"), file.whole("size", 0, MOST_FILE_BYTES)));
      }
      artifacts.add(
          new Artifact(
              one.oneOf("kind", Artifact.Kind.class),
              one.text("name"),
              one.text("version"),
              files));
    }
    return artifacts;
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
