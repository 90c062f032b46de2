package io.selvedge.flow.run;

import io.selvedge.api.uplink.LinkState;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.flow.definition.Upload;
import io.selvedge.flow.definition.Upload.Instead;
import io.selvedge.flow.ledger.Book;
import io.selvedge.flow.ledger.Reason;
import io.selvedge.flow.ledger.Stream;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What becomes of the rows of a flow's inputs, each counted once: the policy chooses; then the
 * link, then the day's budget say whether what was chosen goes up as it is. One thread.
 */
final class RowUpload {

  private final Upload upload;
  private final Surroundings around;
  private final Book book;
  private final DataMessages messages;
  private final RowPolicy policy;
  private final Optional<Duration> every;
  private final Map<Duration, Aggregates> aggregates = new HashMap<>();
  private Optional<Duration> last = Optional.empty();

  RowUpload(Upload upload, Outlet outlet, Surroundings around) {
    this.upload = upload;
    this.around = around;
    book = outlet.book();
    messages = new DataMessages(outlet, upload, around.connection());
    policy = RowPolicy.of(upload.measurements());
    every =
        upload.measurements() instanceof Upload.Measurements.Aggregate aggregate
            ? Optional.of(aggregate.every())
            : Optional.empty();
  }

  /**
   * Called once for each row, after its decision.
   *
   * @param brought the inputs in this row; may be empty
   * @param time the row's time, milliseconds
   * @param confidence the model's highest output; empty where it did not decide
   */
  void row(List<Inputs.Brought> brought, long time, OptionalDouble confidence) {
    if (brought.isEmpty()) {
      return;
    }
    LocalDate day = Book.day(time);
    Optional<Reason> stays = policy.stays(brought, time, confidence);
    if (stays.isPresent()) {
      book.stays(Stream.MEASUREMENTS, day, stays.get());
      return;
    }
    Instead instead = byLink();
    Reason why = Reason.LINK;
    if (instead instanceof Instead.Wait && messages.isExhausted(day)) {
      instead = upload.limits().beyond();
      why = Reason.BUDGET;
    }
    if (instead instanceof Instead.Drop) {
      gatherBy(Optional.empty());
      book.stays(Stream.MEASUREMENTS, day, why);
      return;
    }
    policy.goesUp(brought, time);
    Optional<Duration> gather =
        instead instanceof Instead.Aggregate aggregate ? Optional.of(aggregate.every()) : every;
    gatherBy(gather);
    if (gather.isPresent()) {
      aggregates
          .computeIfAbsent(gather.get(), e -> new Aggregates(e, messages, book))
          .add(brought, time);
    } else {
      book.sent(Stream.MEASUREMENTS, day);
      messages.send(brought, time);
    }
  }

  /** The link of the hub decides, or that of the first uplink where it is not for the hub. */
  private Instead byLink() {
    String name = upload.to().contains(Uplink.HUB) ? Uplink.HUB : upload.to().get(0);
    LinkState state = around.uplinks().apply(name).map(Uplink::link).orElse(LinkState.NORMAL);
    return switch (state) {
      case SLOW -> upload.limits().slow();
      case METERED -> upload.limits().metered();
      case NORMAL, OFF -> new Instead.Wait();
    };
  }

  /** Sends what was gathered over another time, so that it does not lie until that comes again. */
  private void gatherBy(Optional<Duration> now) {
    if (!now.equals(last)) {
      last = now;
      aggregates.forEach(
          (time, gathered) -> {
            if (!now.equals(Optional.of(time))) {
              gathered.close();
            }
          });
    }
  }

  /** Sends what has been gathered. */
  void close() {
    aggregates.values().forEach(Aggregates::close);
  }
}
