package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.hub.store.Registered;
import io.selvedge.hub.store.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The model registry. */
public final class ModelRoutes {

  private final Registry registry;
  private final ContentStore content;

  public ModelRoutes(Registry registry, ContentStore content) {
    this.registry = registry;
    this.content = content;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/models", this::list),
        Route.get("/api/v1/models/{name}/{version}", this::one),
        Route.get("/api/v1/models/{name}/{version}/files/{path}", this::file));
  }

  private void list(Context request) {
    ArrayNode list = Answers.array();
    registry
        .list(Kind.MODEL, Params.text(request, "name"), Params.limit(request))
        .forEach(one -> list.add(json(one)));
    ObjectNode answer = Answers.object();
    answer.set("models", list);
    Answers.json(request, answer);
  }

  private void one(Context request) {
    Answers.json(request, json(find(request)));
  }

  private void file(Context request) {
    Registered model = find(request);
    String path = request.pathParam("path");
    Artifact.File file =
        model.artifact().files().stream()
            .filter(one -> one.path().equals(path))
            .findFirst()
            .orElseThrow(
                () ->
                    new RestException(
                        404,
                        "model.unknown_file",
                        "file ["
                            + path
                            + "] must be one of "
                            + model.artifact().files().stream().map(Artifact.File::path).toList()));
    try {
      InputStream bytes =
          content
              .open(file.sha256())
              .orElseThrow(
                  () ->
                      new RestException(
                          500,
                          "artifact.lost",
                          "file [" + file.sha256() + "] is not in the store; restore it"));
      request
          .contentType(path.endsWith(".json") ? "application/json" : "application/octet-stream")
          .header("ETag", '"' + file.sha256() + '"')
          .header("Content-Length", Long.toString(file.size()))
          .result(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("file [" + file.sha256() + "] cannot be read", e);
    }
  }

  private Registered find(Context request) {
    String name = request.pathParam("name");
    String version = request.pathParam("version");
    return registry
        .find(Kind.MODEL, name, version)
        .orElseThrow(
            () ->
                new RestException(
                    404,
                    "model.unknown",
                    "model ["
                        + name
                        + "] version ["
                        + version
                        + "] is not in the registry; GET /api/v1/models lists what is"));
  }

  private static ObjectNode json(Registered model) {
    ObjectNode json =
        Answers.object()
            .put("name", model.artifact().name())
            .put("version", model.artifact().version())
            .put("created", model.created().toString());
    model.training().ifPresent(run -> json.put("training", run));
    ArrayNode files = json.putArray("files");
    for (Artifact.File file : model.artifact().files()) {
      files
          .addObject()
          .put("path", file.path())
          .put("sha256", file.sha256())
          .put("size", file.size());
    }
    json.set("metrics", Answers.stored(model.metrics()));
    json.set("lineage", Answers.stored(model.lineage()));
    return json;
  }
}
