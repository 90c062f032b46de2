package io.selvedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static long longOnes(Patience patience, int attempts) {
    return IntStream.range(0, attempts).filter(i -> patience.next().equals(LONGEST)).count();
  }

  @Test
  void isLongAtTimesUntilItKnowsTheLink() {
    Patience patience = new Patience(LONGEST);
    assertThat(patience.next()).isEqualTo(Duration.ofMillis(1500));
    assertThat(longOnes(patience, 40)).isEqualTo(10);
  }

  @Test
  void isSeldomLongOnceItKnowsTheLink() {
    Patience patience = new Patience(LONGEST);
    patience.worked(Duration.ofMillis(30));
    assertThat(longOnes(patience, 160)).isEqualTo(10);
    assertThat(patience.next()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void waitsFourTimesAsLongAsASlowLinkTook() {
    Patience patience = new Patience(LONGEST);
    patience.worked(Duration.ofSeconds(2));
    assertThat(patience.next()).isEqualTo(Duration.ofSeconds(8));
    patience.worked(Duration.ofSeconds(9));
    assertThat(patience.next()).isEqualTo(LONGEST);
  }

  @Test
  void isNeverLongerThanAllowed() {
    assertThat(new Patience(Duration.ofSeconds(1)).next()).isEqualTo(Duration.ofSeconds(1));
  }
}
