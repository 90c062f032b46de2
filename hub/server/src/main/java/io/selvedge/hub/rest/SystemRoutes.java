package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Whether the hub is ready, and what it can be asked. */
public final class SystemRoutes {

  /**
   * One thing that must be well.
   *
   * @param name stable
   * @param ok whether it is
   * @param message how it is, for people
   */
  public record Check(String name, boolean ok, String message) {}

  /** Looks when it is asked. */
  @FunctionalInterface
  public interface Checks {
    List<Check> look();
  }

  private final Checks checks;
  private final byte[] openApi;

  public SystemRoutes(Checks checks) {
    this.checks = checks;
    this.openApi = read();
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/health/ready", this::ready), Route.get("/openapi.json", this::describe));
  }

  private void ready(Context request) {
    List<Check> seen = checks.look();
    boolean ready = seen.stream().allMatch(Check::ok);
    ObjectNode answer = Answers.object().put("ready", ready);
    var list = answer.putArray("checks");
    seen.forEach(
        one ->
            list.addObject()
                .put("name", one.name())
                .put("ok", one.ok())
                .put("message", one.message()));
    Answers.json(request.status(ready ? 200 : 503), answer);
  }

  private void describe(Context request) {
    request.contentType("application/json").result(openApi);
  }

  private static byte[] read() {
    try (InputStream in = SystemRoutes.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not in the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.json cannot be read", e);
    }
  }
}
