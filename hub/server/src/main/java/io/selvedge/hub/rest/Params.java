package io.selvedge.hub.rest;

import io.javalin.http.Context;
import io.selvedge.hub.store.Telemetry.Range;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads the parameters of a request, and says what is wrong with them. */
final class Params {

  private static final int USUAL = 1000;
  private static final int MOST = 10_000;

  private Params() {}

  static Optional<String> text(Context request, String name) {
    return Optional.ofNullable(request.queryParam(name)).filter(text -> !text.isEmpty());
  }

  static Optional<Instant> instant(Context request, String name) {
    return text(request, name).map(text -> instant(name, text));
  }

  private static Instant instant(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw RestException.badRequest(
          name + " [" + text + "] must be a time in UTC, for example 2026-01-31T12:00:00Z");
    }
  }

  static Range range(Context request) {
    return new Range(text(request, "gateway"), instant(request, "from"), instant(request, "to"));
  }

  /** How many on a page, 1 to 10 000. */
  static int limit(Context request) {
    long limit = whole(request, "limit", USUAL);
    if (limit < 1 || limit > MOST) {
      throw RestException.badRequest("limit [" + limit + "] must be from 1 to " + MOST);
    }
    return (int) limit;
  }

  static long whole(Context request, String name, long otherwise) {
    Optional<String> text = text(request, name);
    try {
      return text.map(Long::parseLong).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw RestException.badRequest(name + " [" + text.orElse("") + "] must be a whole number");
    }
  }
}
