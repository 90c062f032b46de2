package io.selvedge.console.rest;

import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Schemas of files that people write, from the bundles that read them. */
public final class SchemaRoutes {

  /** Finds a resource of another bundle. */
  @FunctionalInterface
  public interface Resources {

    /**
     * A resource of an active bundle.
     *
     * @param bundle the bundle's symbolic name
     * @param path within the bundle
     */
    Optional<byte[]> find(String bundle, String path) throws IOException;
  }

  private final Resources resources;

  public SchemaRoutes(Resources resources) {
    this.resources = resources;
  }

  public List<Route> routes() {
    return List.of(Route.signedIn("GET", "/api/schemas/flow.json", (call, parts) -> flow()));
  }

  private Answer flow() throws Refusal, IOException {
    byte[] schema =
        Absent.orRefuse(
            resources.find("io.selvedge.flow", "/flow.schema.json"), "flow.schema", "flow");
    return new Answer(200, "application/schema+json", schema, Map.of());
  }
}
