package io.selvedge.bench.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OracleTest {

  private final Oracle oracle = new Oracle();

  @Test
  void findsWhatWasAcceptedAndIsNotInTheTable() {
    send(4);
    oracle.accepted(0);
    oracle.accepted(1);
    oracle.accepted(2);

    Oracle.Verdict verdict = oracle.judge(Map.of(0, 1, 2, 1));

    assertThat(verdict.lost()).containsExactly(1);
    assertThat(verdict.doubled()).isZero();
  }

  @Test
  void findsWhatIsThereTwiceAndWhatWasNeverSent() {
    send(2);
    oracle.accepted(0);

    Oracle.Verdict verdict = oracle.judge(Map.of(0, 2, 17, 1));

    assertThat(verdict.doubled()).isEqualTo(1);
    assertThat(verdict.unknown()).isEqualTo(1);
  }

  @Test
  void allowsWhatWasSentAndNeverConfirmed() {
    send(2);

    Oracle.Verdict verdict = oracle.judge(Map.of(1, 1));

    assertThat(verdict.lost()).isEmpty();
    assertThat(verdict.unaccepted()).isEqualTo(1);
    assertThat(verdict.unknown()).isZero();
  }

  @Test
  void forgivesOnlyWhatLayInDamagedBytes() {
    send(4);
    for (int number = 0; number < 4; number++) {
      oracle.accepted(number);
    }
    oracle.damaged(Set.of(0, 1), Set.of(1));

    Oracle.Verdict verdict = oracle.judge(Map.of(3, 1));

    assertThat(verdict.lost()).containsExactly(2);
    assertThat(verdict.lostToDamage()).isEqualTo(2);
    assertThat(verdict.reportable()).isEqualTo(1);
  }

  @Test
  void noticesAnAnswerToWhatWasNotAsked() {
    oracle.accepted(5);

    assertThat(oracle.violations()).singleElement().asString().contains("[5]");
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      oracle.next();
    }
  }
}
