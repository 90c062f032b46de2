package io.selvedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.store.Arrival.Life;
import io.selvedge.hub.store.Gateway.State;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Births, farewells and wills in the orders in which several hubs may hear of them. */
class LifecycleTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(60);
  private static final Lifecycle NEW =
      new Lifecycle(State.NEW, Instant.EPOCH, Optional.empty(), Optional.empty());

  private static int heard;

  private static Life life(Stage stage, Instant connection) {
    return new Life("gw", stage, Map.of(), Optional.of(connection), NOON.plusSeconds(heard++));
  }

  /** As a gateway of another make tells it. */
  private static Life plain(Stage stage, Instant received) {
    return new Life("gw", stage, Map.of(), Optional.empty(), received);
  }

  private static State after(Life... lives) {
    Lifecycle known = NEW;
    for (Life life : Arrays.asList(lives)) {
      known = known.after(life);
    }
    return known.state();
  }

  @Test
  void aBirthMakesItOnlineAWillLostAndAFarewellOffline() {
    assertThat(after(life(Stage.BIRTH, NOON))).isEqualTo(State.ONLINE);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.LWT, NOON))).isEqualTo(State.LOST);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.DC, NOON))).isEqualTo(State.OFFLINE);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.APPS, NOON))).isEqualTo(State.ONLINE);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.DC, NOON), life(Stage.BIRTH, LATER)))
        .isEqualTo(State.ONLINE);
  }

  @Test
  void aSecondBirthOfTheSameConnectionIsNoNewBeginning() {
    Lifecycle born = NEW.after(life(Stage.BIRTH, NOON));
    assertThat(born.after(life(Stage.BIRTH, NOON)).since()).isEqualTo(born.since());
    assertThat(born.after(life(Stage.BIRTH, LATER)).since()).isAfter(born.since());
  }

  @Test
  void aWillThatComesAfterTheNextBirthChangesNothing() {
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.BIRTH, LATER), life(Stage.LWT, NOON)))
        .isEqualTo(State.ONLINE);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.BIRTH, LATER), life(Stage.DC, NOON)))
        .isEqualTo(State.ONLINE);
  }

  @Test
  void aBirthThatComesAfterItsOwnWillDoesNotRevive() {
    assertThat(after(life(Stage.LWT, NOON), life(Stage.BIRTH, NOON))).isEqualTo(State.LOST);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.LWT, LATER))).isEqualTo(State.ONLINE);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.LWT, LATER), life(Stage.BIRTH, LATER)))
        .isEqualTo(State.LOST);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.DC, NOON), life(Stage.BIRTH, NOON)))
        .isEqualTo(State.OFFLINE);
  }

  @Test
  void anOldBirthThatComesLateChangesNothing() {
    assertThat(after(life(Stage.BIRTH, LATER), life(Stage.LWT, LATER), life(Stage.BIRTH, NOON)))
        .isEqualTo(State.LOST);
  }

  @Test
  void aGatewayWhoseClockIsNotSetIsBelieved() {
    Instant unset = Instant.EPOCH.plusSeconds(30);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.BIRTH, unset), life(Stage.LWT, NOON)))
        .as("the will of the connection before")
        .isEqualTo(State.ONLINE);
    assertThat(after(life(Stage.BIRTH, NOON), life(Stage.BIRTH, unset), life(Stage.LWT, unset)))
        .isEqualTo(State.LOST);
  }

  @Test
  void withoutATimeOfConnectionTheOrderOfArrivalCounts() {
    assertThat(after(plain(Stage.BIRTH, NOON), plain(Stage.LWT, LATER))).isEqualTo(State.LOST);
    assertThat(after(plain(Stage.BIRTH, LATER), plain(Stage.LWT, NOON))).isEqualTo(State.ONLINE);
    assertThat(after(life(Stage.BIRTH, NOON), plain(Stage.LWT, LATER))).isEqualTo(State.LOST);
  }

  @Test
  void aConnectionInTheFutureOfTheHubIsOfAClockThatWasWrong() {
    Instant ahead = NOON.plusSeconds(86_400L * 2000);
    assertThat(after(life(Stage.BIRTH, ahead), life(Stage.LWT, ahead), life(Stage.BIRTH, NOON)))
        .as("its clock is right again")
        .isEqualTo(State.ONLINE);
    assertThat(after(life(Stage.BIRTH, ahead), life(Stage.BIRTH, NOON), life(Stage.LWT, NOON)))
        .isEqualTo(State.LOST);
  }
}
