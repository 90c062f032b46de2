package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DenialsTest {

  private final Denials denials = new Denials();

  /** How many of so many are believed. */
  private int believed(String path, int many) {
    int believed = 0;
    for (int i = 0; i < many; i++) {
      believed += denials.believe(path) ? 1 : 0;
    }
    return believed;
  }

  @Test
  void believesNoMoreInARowThanThereIsRoomForAndThenAFewAConnection() {
    denials.connected();
    assertThat(believed("data", 5000)).isEqualTo(Denials.MOST);
    for (int i = 0; i < 3; i++) {
      denials.connected();
      assertThat(believed("data", 5000)).isEqualTo(Denials.MOST_AGAIN);
    }
    denials.taken("other");
    assertThat(believed("third", 5000)).isEqualTo(Denials.MOST);
  }

  @Test
  void aNewConnectionBringsNoMoreThanIsLeft() {
    denials.connected();
    assertThat(believed("data", 400)).isEqualTo(400);
    denials.connected();
    assertThat(believed("data", 5000)).isEqualTo(600);
  }

  @Test
  void believesWithoutEndWhatWasDeniedWhileOthersWereTaken() {
    denials.connected();
    assertThat(denials.believe("decision")).isTrue();
    denials.taken("data");
    denials.connected();
    assertThat(believed("decision", 5000)).isEqualTo(5000);
  }

  @Test
  void forgetsThatOnceItIsTakenOrNothingElseIs() {
    denials.connected();
    denials.believe("decision");
    denials.taken("data");
    denials.taken("decision");
    assertThat(believed("decision", 5000)).isEqualTo(Denials.MOST);

    denials.taken("data");
    assertThat(believed("decision", 5000)).as("denied before it").isEqualTo(5000);
    assertThat(believed("data", 5000)).isEqualTo(Denials.MOST);
    assertThat(denials.believe("decision")).as("the broker takes nothing any more").isFalse();
  }

  @Test
  void takesNoWordOfAnEarlierConnectionForIt() {
    denials.connected();
    denials.believe("data");
    denials.connected();
    denials.taken("other");
    assertThat(believed("data", 5000)).isEqualTo(Denials.MOST);
  }
}
