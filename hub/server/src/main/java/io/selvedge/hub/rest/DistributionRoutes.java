package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.hub.store.Ledger;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** Who sent how much on which day. */
public final class DistributionRoutes {

  private final Ledger ledger;

  public DistributionRoutes(Ledger ledger) {
    this.ledger = ledger;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/distribution", this::lines));
  }

  private void lines(Context request) {
    Ledger.Range range =
        new Ledger.Range(
            Params.text(request, "gateway"),
            // An empty source is a sender, too: the gateway itself.
            Optional.ofNullable(request.queryParam("source")),
            day(request, "from"),
            day(request, "to"));
    ObjectNode answer = Answers.object();
    ArrayNode list = answer.putArray("distribution");
    for (Ledger.Line line : ledger.lines(range)) {
      list.addObject()
          .put("gateway", line.gateway())
          .put("outbox", line.outbox())
          .put("source", line.source())
          .put("app", line.app())
          .put("day", line.day().toString())
          .put("messages", line.messages())
          .put("measurements", line.measurements())
          .put("bytes", line.bytes())
          .put("firstRecord", line.firstRecord())
          .put("lastRecord", line.lastRecord());
    }
    Answers.json(request, answer);
  }

  private static Optional<LocalDate> day(Context request, String name) {
    return Params.text(request, name)
        .map(
            text -> {
              try {
                return LocalDate.parse(text);
              } catch (DateTimeParseException e) {
                throw RestException.badRequest(
                    name + " [" + text + "] must be a day, for example 2026-01-31");
              }
            });
  }
}
