package io.selvedge.remote;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Request;
import java.util.Locale;
import java.util.Optional;

/** The metrics of a request, read leniently: numbers and flags may come as texts, too. */
public final class Wanted {

  private final Request request;

  public Wanted(Request request) {
    this.request = request;
  }

  /** A text that is not empty. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(request.metrics().get(name))
        .filter(Value::present)
        .map(Value::display)
        .filter(text -> !text.isEmpty());
  }

  /** A text that must be there. */
  public String need(String name) {
    return text(name)
        .orElseThrow(
            () -> new IllegalArgumentException("metric [" + name + "] is missing; add it"));
  }

  /** A whole number between two limits; the default where it is not given. */
  public long whole(String name, long otherwise, long from, long to) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text.get().strip());
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "metric ["
            + name
            + "] is ["
            + text.get()
            + "]; it must be a whole number from "
            + from
            + " to "
            + to);
  }

  /** True or false. */
  public boolean flag(String name, boolean otherwise) {
    String text = text(name).orElse(String.valueOf(otherwise)).strip().toLowerCase(Locale.ROOT);
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new IllegalArgumentException(
        "metric [" + name + "] is [" + text + "]; it must be true or false");
  }
}
