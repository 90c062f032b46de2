package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FastLaneTest {

  private static final byte[] BYTES = {1};

  private final FastLane lane = new FastLane();

  @Test
  void whatIsAcceptedInASessionGoesAheadOnce() {
    lane.begin();
    lane.accepted(7, BYTES);

    assertThat(lane.next()).map(FastLane.Entry::id).contains(7L);
    assertThat(lane.next()).isEmpty();
    assertThat(lane.turn(7, true)).as("published already").isTrue();
    assertThat(lane.turn(7, true)).isFalse();
  }

  @Test
  void whereItsTurnCameFirstItDoesNotGoASecondTime() {
    lane.begin();
    lane.accepted(7, BYTES);

    assertThat(lane.turn(7, true)).isFalse();
    assertThat(lane.next()).isEmpty();
  }

  @Test
  void whatWaitedBeforeHasNotBeenPublished() {
    lane.begin();
    assertThat(lane.turn(3, false)).isFalse();
  }

  @Test
  void nothingGoesAheadWhereNothingIsLeftToOvertake() {
    lane.begin();
    lane.caughtUp();
    lane.accepted(7, BYTES);

    assertThat(lane.next()).isEmpty();
    assertThat(lane.turn(7, true)).isFalse();
  }

  @Test
  void theNextSessionKnowsNothingOfIt() {
    lane.begin();
    lane.accepted(7, BYTES);
    lane.next();
    lane.end();
    lane.begin();

    assertThat(lane.turn(7, false)).isFalse();
    assertThat(lane.next()).isEmpty();
  }

  @Test
  void itHoldsAThousandAndTheOthersKeepTheirPlace() {
    lane.begin();
    for (int id = 0; id < 1500; id++) {
      lane.accepted(id, BYTES);
    }
    int ahead = 0;
    while (lane.next().isPresent()) {
      ahead++;
    }

    assertThat(ahead).isEqualTo(1000);
    assertThat(lane.turn(1200, true)).isFalse();
  }
}
