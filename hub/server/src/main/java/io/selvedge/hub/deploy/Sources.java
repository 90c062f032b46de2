package io.selvedge.hub.deploy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.hub.store.BlockLists;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.Chunker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How files come to gateways: in blocks where they are worth it, and from elsewhere besides. */
public final class Sources {

  private final BlockLists lists;
  private final Optional<String> filesUrl;

  /**
   * @param filesUrl where files lie besides, each under its SHA-256; without a slash at the end
   */
  public Sources(BlockLists lists, Optional<String> filesUrl) {
    this.lists = lists;
    this.filesUrl = filesUrl;
  }

  /** For a deployment of these artifacts. */
  public Map<String, Source> of(List<Artifact> artifacts) {
    Map<String, Source> sources = new HashMap<>();
    for (Artifact artifact : artifacts) {
      for (Artifact.File file : artifact.files()) {
        sources.computeIfAbsent(file.sha256(), any -> of(file));
      }
    }
    return sources;
  }

  private Source of(Artifact.File file) {
    boolean worthIt = file.size() > Chunker.MOST;
    return new Source(
        mediaType(file.path()),
        worthIt
            ? lists.of(file.sha256()).map(list -> new Source.Blocks(Chunker.MOST, list))
            : Optional.empty(),
        worthIt ? filesUrl.map(base -> base + '/' + file.sha256()) : Optional.empty());
  }

  private static String mediaType(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1)) {
      case "json" -> "application/json";
      case "jar" -> "application/java-archive";
      case "cfg" -> "text/plain";
      default -> "application/octet-stream";
    };
  }
}
