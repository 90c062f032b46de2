package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.hub.store.ContentStore.Content;
import io.selvedge.hub.store.Registered;
import io.selvedge.hub.store.Registry;
import io.selvedge.protocol.json.Fields;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Artifacts that were not made here: their files, and the versions that are made of them. */
public final class ArtifactRoutes {

  private static final Logger log = LoggerFactory.getLogger(ArtifactRoutes.class);
  private static final long MOST_BYTES = 1L << 30;
  private static final String PATH = "/api/v1/artifacts";

  private final Registry registry;
  private final ContentStore content;
  private final Clock clock;

  public ArtifactRoutes(Registry registry, ContentStore content, Clock clock) {
    this.registry = registry;
    this.content = content;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/v1/files", this::file),
        Route.post(PATH, this::register),
        Route.get(PATH, this::list));
  }

  /** The body is the file. */
  private void file(Context request) {
    try (InputStream in = new Limited(request.bodyInputStream(), MOST_BYTES)) {
      Content stored = content.add(in);
      Answers.json(
          request.status(201),
          Answers.object().put("sha256", stored.sha256()).put("size", stored.size()));
    } catch (TooLarge e) {
      throw new RestException(413, "request.too_large", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("file cannot be stored", e);
    }
  }

  private void register(Context request) {
    Fields body = Answers.body(request);
    List<Artifact.File> files = new ArrayList<>();
    for (Fields one : body.objects("files")) {
      files.add(file(one.text("path"), one.text("sha256")));
    }
    Artifact artifact =
        new Artifact(
            body.oneOf("kind", Kind.class), body.text("name"), body.text("version"), files);
    requireWhole(artifact);
    if (body.has("lineage")) {
      Fields unused = body.object("lineage"); // says what is wrong with it
    }
    Optional<Registered> known =
        registry.find(artifact.kind(), artifact.name(), artifact.version());
    if (known.isPresent() && !sameFiles(known.get().artifact(), artifact)) {
      throw new RestException(
          409,
          "artifact.exists",
          artifact.kind()
              + " ["
              + artifact.name()
              + "] version ["
              + artifact.version()
              + "] is registered with other files and never changes; give another version");
    }
    if (known.isEmpty()) {
      registry.register(
          new Registered(
              artifact,
              clock.instant(),
              Optional.empty(),
              body.has("lineage") ? body.raw("lineage").toString() : "{}",
              "{}"));
      log.info("{} {} {} was registered", artifact.kind(), artifact.name(), artifact.version());
    }
    Answers.json(
        request.status(known.isPresent() ? 200 : 201),
        json(registry.find(artifact.kind(), artifact.name(), artifact.version()).orElseThrow()));
  }

  private Artifact.File file(String path, String sha256) {
    Artifact.File unsized = new Artifact.File(path, sha256, 0); // says what is wrong with either
    long size =
        content
            .read(sha256, 0, 1)
            .orElseThrow(
                () ->
                    new RestException(
                        404,
                        "artifact.unknown_file",
                        "file [" + sha256 + "] is not here; send it with POST /api/v1/files"))
            .size();
    return new Artifact.File(unsized.path(), unsized.sha256(), size);
  }

  private static boolean sameFiles(Artifact one, Artifact other) {
    return Set.copyOf(one.files()).equals(Set.copyOf(other.files()));
  }

  /** Each kind has files of fixed names; without them no gateway takes it. */
  private static void requireWhole(Artifact artifact) {
    List<String> paths = artifact.files().stream().map(Artifact.File::path).toList();
    List<String> needed =
        switch (artifact.kind()) {
          case MODEL -> List.of("model.json", "model.onnx");
          case FLOW -> List.of("flow.json");
          case BUNDLE -> List.of("bundle.jar");
          case CONFIGURATION -> List.of();
        };
    if (!paths.containsAll(needed)) {
      throw RestException.badRequest(
          "files " + paths + " of a " + artifact.kind() + " must have " + needed);
    }
  }

  private void list(Context request) {
    Kind kind = Params.text(request, "kind").map(ArtifactRoutes::kind).orElse(Kind.MODEL);
    ArrayNode list = Answers.array();
    registry
        .list(kind, Params.text(request, "name"), Params.limit(request))
        .forEach(one -> list.add(json(one)));
    ObjectNode answer = Answers.object();
    answer.set("artifacts", list);
    Answers.json(request, answer);
  }

  private static Kind kind(String text) {
    return Arrays.stream(Kind.values())
        .filter(one -> one.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                RestException.badRequest(
                    "kind [" + text + "] must be one of " + Arrays.toString(Kind.values())));
  }

  private static ObjectNode json(Registered one) {
    ObjectNode json =
        Answers.object()
            .put("kind", one.artifact().kind().name())
            .put("name", one.artifact().name())
            .put("version", one.artifact().version())
            .put("created", one.created().toString());
    ArrayNode files = json.putArray("files");
    for (Artifact.File file : one.artifact().files()) {
      files
          .addObject()
          .put("path", file.path())
          .put("sha256", file.sha256())
          .put("size", file.size());
    }
    return json;
  }

  private static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(String message) {
      super(message);
    }
  }

  /** Ends where there is more than there may be. */
  private static final class Limited extends FilterInputStream {

    private final long most;
    private long read;

    Limited(InputStream in, long most) {
      super(in);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      return one < 0 ? one : count(1, one);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int some = super.read(bytes, offset, length);
      return some < 0 ? some : count(some, some);
    }

    private int count(int some, int result) throws TooLarge {
      read += some;
      if (read > most) {
        throw new TooLarge("file must have at most [" + most + "] bytes");
      }
      return result;
    }
  }
}
