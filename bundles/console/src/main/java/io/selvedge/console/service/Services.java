package io.selvedge.console.service;

import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.device.Devices;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.flow.Distribution;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.Models;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.console.setup.Setup;
import java.util.Map;
import java.util.Optional;

/** The parts of the gateway that are there now. Each may come and go; callable on any thread. */
public interface Services {

  Optional<Devices> devices();

  Optional<Flows> flows();

  Optional<Models> models();

  Optional<Events> events();

  /** The way to the hub. */
  Optional<Uplink> uplink();

  /** All uplinks, by name. */
  Map<String, Uplink> uplinks();

  /** The ledger of flows. */
  Optional<Distribution> distribution();

  Optional<Deployments> deployments();

  /** How the configuration was before. */
  Optional<Snapshots> snapshots();

  Optional<Readiness> readiness();

  /** Where devices are set up. */
  Optional<Setup> setup();

  /** Writes into the operator's diary where there is one. */
  default void report(Event.Severity severity, String code, String message) {
    events().ifPresent(events -> events.report(severity, "console", code, message));
  }
}
