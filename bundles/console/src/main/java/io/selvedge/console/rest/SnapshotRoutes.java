package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.configuration.Snapshot;
import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.event.Event;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How the configuration was before, what differs, and the way back. Passwords are masked. */
public final class SnapshotRoutes {

  private static final String ALL = "/api/snapshots";
  private static final String ONE = "/api/snapshots/{id}";

  private final Services services;

  public SnapshotRoutes(Services services) {
    this.services = services;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", ALL, (call, parts) -> list()),
        Route.signedIn("POST", ALL, (call, parts) -> take(call)),
        Route.signedIn("GET", ONE, (call, parts) -> one(id(parts))),
        Route.signedIn("GET", ONE + "/diff", (call, parts) -> diff(call, id(parts))),
        Route.signedIn("POST", ONE + "/rollback", (call, parts) -> rollback(call, id(parts))));
  }

  private Snapshots snapshots() throws Refusal {
    return Absent.orRefuse(services.snapshots(), "snapshots", "configuration");
  }

  private Answer list() throws Refusal {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("snapshots");
    snapshots().list().forEach(snapshot -> list.add(node(snapshot)));
    return Answer.json(body);
  }

  private static ObjectNode node(Snapshot snapshot) {
    return Json.object()
        .put("id", snapshot.id())
        .put("time", snapshot.time().toString())
        .put("why", snapshot.why())
        .put("files", snapshot.files())
        .put("bytes", snapshot.bytes());
  }

  private Answer take(Call call) throws Refusal, IOException {
    try {
      return Answer.json(201, node(snapshots().take("taken by hand from " + call.remote())));
    } catch (IOException e) {
      throw disk(e);
    }
  }

  private Answer one(long id) throws Refusal, IOException {
    ObjectNode body = node(find(id));
    ArrayNode files = body.putArray("contents");
    texts(id).forEach((name, text) -> files.addObject().put("file", name).put("text", text));
    return Answer.json(body);
  }

  private Snapshot find(long id) throws Refusal {
    return snapshots().list().stream()
        .filter(one -> one.id() == id)
        .findFirst()
        .orElseThrow(() -> unknown(id));
  }

  private Map<String, String> texts(long id) throws Refusal, IOException {
    return new TreeMap<>(snapshots().texts(id).orElseThrow(() -> unknown(id)));
  }

  /** From the snapshot to the files as they are now, or to another one. */
  private Answer diff(Call call, long id) throws Refusal, IOException {
    Optional<String> other = call.parameter("to").filter(to -> !to.isEmpty() && !to.equals("now"));
    Map<String, String> from = texts(id);
    Map<String, String> to =
        other.isPresent() ? texts(id(Map.of("id", other.get()))) : snapshots().texts();
    ObjectNode body = Json.object().put("from", id).put("to", other.orElse("now"));
    ArrayNode files = body.putArray("files");
    TreeSet<String> names = new TreeSet<>(from.keySet());
    names.addAll(to.keySet());
    for (String name : names) {
      String before = from.getOrDefault(name, "");
      String after = to.getOrDefault(name, "");
      if (!before.equals(after) || from.containsKey(name) != to.containsKey(name)) {
        ObjectNode file = files.addObject().put("file", name);
        file.put(
            "change", !from.containsKey(name) ? "NEW" : !to.containsKey(name) ? "GONE" : "CHANGED");
        ArrayNode lines = file.putArray("lines");
        for (LineDiff.Line line : LineDiff.of(before, after)) {
          lines.add(line.sign() + line.text());
        }
      }
    }
    return Answer.json(body);
  }

  private Answer rollback(Call call, long id) throws Refusal, IOException {
    find(id);
    String why = "rolled back to " + id + " by hand from " + call.remote();
    try {
      Snapshot now = snapshots().rollback(id, why);
      services.report(Event.Severity.INFO, "console.rollback", "configuration was " + why);
      return Answer.json(node(now));
    } catch (IllegalArgumentException e) { // it was damaged or dropped meanwhile
      throw unknown(id);
    } catch (IOException e) {
      throw disk(e);
    }
  }

  private static Refusal disk(IOException e) {
    return new Refusal(
        507,
        "snapshot.disk_failed",
        "the disk does not take it: "
            + e.getMessage()
            + "; nothing was changed. Make room, ask again",
        e);
  }

  private static long id(Map<String, String> parts) throws Refusal {
    String given = parts.getOrDefault("id", "");
    if (!given.matches("\\d{1,18}")) {
      throw Refusal.badRequest(
          "snapshot.no_id", "snapshot [" + Json.brief(given) + "] must be a whole number");
    }
    return Long.parseLong(given);
  }

  private static Refusal unknown(long id) {
    return Refusal.notFound(
        "snapshot.unknown", "snapshot [" + id + "] is not there; GET /api/snapshots lists all");
  }
}
