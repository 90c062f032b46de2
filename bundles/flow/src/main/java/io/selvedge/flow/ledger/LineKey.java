package io.selvedge.flow.ledger;

import java.time.LocalDate;
import java.util.Comparator;

/** Which line of the ledger. */
record LineKey(LocalDate day, String flow, Stream stream) {

  static final Comparator<LineKey> ORDER =
      Comparator.comparing(LineKey::day)
          .thenComparing(LineKey::flow)
          .thenComparing(LineKey::stream);
}
