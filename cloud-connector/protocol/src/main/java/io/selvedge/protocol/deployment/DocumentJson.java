package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A deployment document as JSON, format 2 and, to be read only, format 1. */
final class DocumentJson {

  private static final long MOST_FILE_BYTES = 1L << 32;

  private DocumentJson() {}

  static DeploymentDocument read(Fields fields, long format) {
    if (format == 1) {
      return new DeploymentDocument(
          fields.text("gateway"),
          fields.whole("revision", 1, Long.MAX_VALUE),
          fields.instant("issued"),
          fields.instant("expires"),
          artifacts(fields));
    }
    return new DeploymentDocument(
        target(fields),
        fields.whole("revision", 1, Long.MAX_VALUE),
        fields.instant("issued"),
        fields.instant("expires"),
        optional(fields, "minimum_runtime").map(RuntimeVersion::parse),
        optional(fields, "rollout"),
        fields.has("window")
            ? Optional.of(Window.parse(fields.object("window")))
            : Optional.empty(),
        artifacts(fields),
        sources(fields),
        fields.has("trial") ? Optional.of(Trial.parse(fields.object("trial"))) : Optional.empty());
  }

  static byte[] write(DeploymentDocument document) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", DeploymentDocument.FORMAT);
    Target target = document.target();
    json.put(target.kind() == Target.Kind.GATEWAY ? "gateway" : "group", target.name());
    json.put("revision", document.revision());
    json.put("issued", document.issued().toString());
    json.put("expires", document.expires().toString());
    document.minimumRuntime().ifPresent(v -> json.put("minimum_runtime", v.toString()));
    document.rollout().ifPresent(rollout -> json.put("rollout", rollout));
    document.window().ifPresent(window -> json.set("window", window.toJson()));
    json.set("artifacts", write(document.artifacts(), document.sources()));
    document.trial().ifPresent(trial -> json.set("trial", trial.toJson()));
    return Json.bytes(json);
  }

  static ArrayNode write(List<Artifact> artifacts, Map<String, Source> sources) {
    ArrayNode list = Json.mapper().createArrayNode();
    for (Artifact artifact : artifacts) {
      ObjectNode one = list.addObject();
      one.put("kind", artifact.kind().name());
      one.put("name", artifact.name());
      one.put("version", artifact.version());
      ArrayNode files = one.putArray("files");
      for (Artifact.File file : artifact.files()) {
        ObjectNode entry = files.addObject();
        entry.put("path", file.path()).put("sha256", file.sha256()).put("size", file.size());
        write(entry, sources.getOrDefault(file.sha256(), Source.PLAIN));
      }
    }
    return list;
  }

  static List<Artifact> artifacts(Fields fields) {
    List<Artifact> artifacts = new ArrayList<>();
    for (Fields one : entries(fields)) {
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

  private static Map<String, Source> sources(Fields fields) {
    Map<String, Source> sources = new HashMap<>();
    for (Fields one : entries(fields)) {
      for (Fields file : one.objects("files")) {
        Source source =
            new Source(file.textOr("media_type", ""), blocks(file), optional(file, "url"));
        if (!source.equals(Source.PLAIN)) {
          sources.put(file.text("sha256"), source);
        }
      }
    }
    return sources;
  }

  private static Optional<Source.Blocks> blocks(Fields file) {
    if (!file.has("blocks")) {
      return Optional.empty();
    }
    Fields blocks = file.object("blocks");
    return Optional.of(
        new Source.Blocks(
            (int) blocks.whole("size", 1, Source.MOST_BLOCK), blocks.text("list_sha256")));
  }

  private static void write(ObjectNode entry, Source source) {
    if (!source.mediaType().isEmpty()) {
      entry.put("media_type", source.mediaType());
    }
    source
        .blocks()
        .ifPresent(
            b ->
                entry.putObject("blocks").put("size", b.size()).put("list_sha256", b.listSha256()));
    source.url().ifPresent(url -> entry.put("url", url));
  }

  private static Target target(Fields fields) {
    if (fields.has("gateway") && fields.has("group")) {
      throw new IllegalArgumentException("gateway and group must not both be there; leave one out");
    }
    return fields.has("group")
        ? Target.group(fields.text("group"))
        : Target.gateway(fields.text("gateway"));
  }

  private static Optional<String> optional(Fields fields, String name) {
    return fields.has(name) ? Optional.of(fields.text(name)) : Optional.empty();
  }

  private static List<Fields> entries(Fields fields) {
    return !fields.has("artifacts") || fields.raw("artifacts").isEmpty()
        ? List.of()
        : fields.objects("artifacts");
  }
}
