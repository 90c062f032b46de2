package io.selvedge.flow.run;

import io.selvedge.api.device.Devices;
import io.selvedge.api.event.Events;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.Models;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.flow.ledger.FlowLedger;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What flows meet around them.
 *
 * @param devices takes commands
 * @param events the operator's diary
 * @param models the live models, where inference is there
 * @param uplinks the uplink of a name, where there is one
 * @param connection rises at each connection to the hub
 * @param decided hears every decision
 * @param ledger what became of each row and decision
 * @param clock for times that people read
 * @param nanos {@link System#nanoTime()}
 */
public record Surroundings(
    Devices devices,
    Events events,
    Supplier<Optional<Models>> models,
    Function<String, Optional<Uplink>> uplinks,
    IntSupplier connection,
    Consumer<Decision> decided,
    FlowLedger ledger,
    Clock clock,
    LongSupplier nanos) {}
