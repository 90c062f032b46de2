package io.selvedge.api.flow;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the runtime knows of one flow.
 *
 * @param name the flow's name
 * @param version the version that runs
 * @param origin where it came from: {@code file} or {@code deployment}
 * @param since when this version started
 * @param rows rows taken in
 * @param decisions decisions taken
 * @param skipped rows without a decision, for example while a window fills
 * @param dropped rows lost because the flow was slower than its inputs
 * @param uploaded measurements, one a channel and row, that the uplink has accepted
 * @param unsent messages that went nowhere, because there was no uplink or it refused them
 * @param waiting why it does not decide now, or by rules alone: a feature that is missing, a model
 *     that is not there or that was trained on other features; empty while it decides as declared
 * @param refused why a newer version was refused; empty where none was
 * @param last the newest decision
 */
public record FlowStatus(
    String name,
    String version,
    String origin,
    Instant since,
    long rows,
    long decisions,
    long skipped,
    long dropped,
    long uploaded,
    long unsent,
    String waiting,
    String refused,
    Optional<Decision> last) {

  public FlowStatus {
    Objects.requireNonNull(name, "name must not be null");
    Objects.requireNonNull(last, "last must not be null; give an empty one");
  }
}
