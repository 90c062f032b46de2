package io.selvedge.driver.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.driver.simulated.Room.Influence;
import org.junit.jupiter.api.Test;

class RoomTest {

  private static final double WATER = 9;
  private static final Influence EMPTY = new Influence(10, WATER, 0, false, false);
  private static final Influence HEATED = new Influence(10, WATER, 0, true, false);
  private static final Influence AIRED = new Influence(10, WATER, 2, false, true);
  private static final Influence OCCUPIED = new Influence(10, WATER, 2, false, false);

  private final Room room = new Room(Room.Shape.office(1000, 5), 20, WATER);

  /** H = 30 W/K + 1.2 × 1005 J/(m³ K) × 50 m³ × 0.3 / 3600 s = 35.025 W/K. */
  @Test
  void theHeaterWarmsToWhatTheFormulaSays() {
    room.advance(10 * 86_400, HEATED);

    assertThat(room.temperature()).isCloseTo(10 + 1000 / 35.025, within(0.001));
  }

  @Test
  void aDifferenceFallsToOneEthInATimeConstant() {
    assertThat(room.timeConstant(EMPTY)).isCloseTo(600_000 / 35.025, within(0.001));

    room.advance(room.timeConstant(EMPTY), EMPTY);

    assertThat(room.temperature()).isCloseTo(10 + 10 / Math.E, within(1e-9));
  }

  @Test
  void manySmallStepsAreOneLargeStep() {
    Room other = new Room(Room.Shape.office(1000, 5), 20, WATER);

    room.advance(7_200, OCCUPIED);
    for (int i = 0; i < 7_200; i++) {
      other.advance(1, OCCUPIED);
    }

    assertThat(other.temperature()).isCloseTo(room.temperature(), within(1e-9));
    assertThat(other.water()).isCloseTo(room.water(), within(1e-9));
  }

  /** 2 persons × 50 g/h over 50 m³ × 0.3 air changes an hour. */
  @Test
  void peopleMoistenTheAir() {
    room.advance(10 * 86_400, new Influence(20, WATER, 1, false, false));

    assertThat(room.water()).isCloseTo(WATER + 50 / (50 * 0.3), within(0.001));
  }

  @Test
  void theFanCoolsAndDries() {
    room.advance(4 * 3600, OCCUPIED);
    double warm = room.temperature();
    double damp = room.humidity();

    room.advance(1800, AIRED);

    assertThat(room.temperature()).isLessThan(warm - 1);
    assertThat(room.humidity()).isLessThan(damp);
    assertThat(room.water()).isLessThan(WATER + 1);
  }

  @Test
  void airNeverHoldsMoreThanSaturation() {
    room.advance(86_400, new Influence(0, 3, 50, false, false));

    assertThat(room.humidity()).isLessThanOrEqualTo(100 + 1e-9);
  }

  /** Psychrometric tables: 17.3 g/m³ at 20 Cel, 4.85 g/m³ at 0 Cel. */
  @Test
  void saturationIsAsInTheTables() {
    assertThat(Room.saturation(20)).isCloseTo(17.3, within(0.1));
    assertThat(Room.saturation(0)).isCloseTo(4.85, within(0.05));
  }
}
