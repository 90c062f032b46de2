package io.selvedge.flow.run;

import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.uplink.Message;
import io.selvedge.flow.definition.Upload;
import io.selvedge.flow.ledger.Book;
import io.selvedge.flow.ledger.Reason;
import io.selvedge.flow.ledger.Stream;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends decisions to the hub, as the flow's policy says: app {@code DECISION-V1}. One thread. */
final class DecisionUpload {

  /** What counts as a change. */
  private record Gist(Optional<ModelRef> model, List<String> rules) {}

  private final Outlet outlet;
  private final Upload upload;
  private Optional<Gist> last = Optional.empty();

  DecisionUpload(Upload upload, Outlet outlet) {
    this.upload = upload;
    this.outlet = outlet;
  }

  void decided(Decision decision) {
    LocalDate day = Book.day(decision.time().toEpochMilli());
    if (upload.decisions() == Upload.Decisions.NONE) {
      outlet.book().stays(Stream.DECISIONS, day, Reason.POLICY);
      return;
    }
    Gist gist = new Gist(decision.model(), decision.rules());
    boolean same = last.filter(gist::equals).isPresent();
    last = Optional.of(gist);
    if (same && upload.decisions() == Upload.Decisions.CHANGE) {
      outlet.book().stays(Stream.DECISIONS, day, Reason.UNCHANGED);
      return;
    }
    outlet.book().sent(Stream.DECISIONS, day);
    outlet.send(
        new Message(
                "DECISION-V1",
                decision.flow(),
                decision.time(),
                Map.of(),
                DecisionJson.bytes(decision),
                upload.decisionsSent().priority(),
                upload.decisionsSent().timeToLive())
            .withQos(upload.decisionsSent().qos()),
        Stream.DECISIONS,
        upload.to());
  }
}
