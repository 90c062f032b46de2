package io.selvedge.api.flow;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The ledger of flows: what became of each row and decision, by its own day (UTC). Callable on any
 * thread. After a power cut the last half minute of it is missing.
 */
@ProviderType
public interface Distribution {

  /** All lines, by day, flow and stream. */
  List<Line> lines();

  /** The flows that have a budget, by name. */
  List<Budget> budgets();

  /**
   * One flow, one kind of what it may send, one day. Seen = sent + merged + gathering + all that
   * stayed.
   *
   * @param flow the flow's name
   * @param stream {@code measurements} (rows), {@code decisions}, {@code events} or {@code
   *     published}
   * @param day of their own time, UTC; 1970-01-01 for all that is older than what is told apart
   * @param seen how many there were
   * @param sent how many became a message
   * @param merged how many went into messages that aggregate several
   * @param gathering how many wait for such a message
   * @param stayed how many stayed at the edge, by reason: {@code unchanged}, {@code certain},
   *     {@code undecided}, {@code policy}, {@code budget}, {@code link}, {@code cut_off}
   * @param surplus how many of those sent were beyond the budget, and wait for a normal link
   * @param bytes of what counts against the budget; 0 where there is none
   * @param handed the messages, by the name of the uplink they are for
   */
  record Line(
      String flow,
      String stream,
      LocalDate day,
      long seen,
      long sent,
      long merged,
      long gathering,
      Map<String, Long> stayed,
      long surplus,
      long bytes,
      Map<String, Handed> handed) {

    public Line {
      stayed = Map.copyOf(stayed);
      handed = Map.copyOf(handed);
    }
  }

  /**
   * Messages for one uplink. Made = accepted + refused + lost + those that wait for the uplink or
   * for its word.
   *
   * @param made how many there were
   * @param accepted how many the uplink has accepted, on disk
   * @param refused how many it refused
   * @param lost how many were given up because there was no uplink for too long, or because the
   *     gateway was cut off meanwhile
   */
  record Handed(long made, long accepted, long refused, long lost) {

    /** Messages that wait for the uplink, or for its word. */
    public long waiting() {
      return made - accepted - refused - lost;
    }
  }

  /**
   * What a flow may send of its measurements on one day.
   *
   * @param flow the flow's name
   * @param bytes a day
   * @param day the newest day for which it sent something; UTC
   * @param used bytes on that day
   * @param beyond what happens then: {@code wait}, {@code drop}, {@code aggregate PT15M}
   */
  record Budget(String flow, long bytes, LocalDate day, long used, String beyond) {}
}
