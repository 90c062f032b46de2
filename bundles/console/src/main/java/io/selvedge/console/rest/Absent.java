package io.selvedge.console.rest;

import io.selvedge.console.http.Refusal;
import java.util.Optional;

/** What is said where a part of the gateway is not running. */
final class Absent {

  private Absent() {}

  static <T> T orRefuse(Optional<T> service, String what, String bundle) throws Refusal {
    return service.orElseThrow(
        () ->
            new Refusal(
                503,
                what + ".absent",
                "the part of the gateway for ["
                    + what
                    + "] is not running; bundle [io.selvedge."
                    + bundle
                    + "] must be active, see /system/console/bundles"));
  }
}
