package io.selvedge.console.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.testkit.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

  @TempDir Path directory;
  final FakeClock clock = new FakeClock(Instant.parse("2026-03-01T08:00:00Z"));

  @Test
  void endsTwelveHoursAfterItsLastUse() throws IOException {
    Sessions sessions = sessions();
    String token = sessions.begin();

    clock.advance(Duration.ofHours(11));
    assertThat(sessions.use(token)).isTrue();
    clock.advance(Duration.ofHours(11));
    assertThat(sessions.use(token)).as("use moves the end on").isTrue();
    clock.advance(Duration.ofHours(12).plusSeconds(1));
    assertThat(sessions.use(token)).isFalse();
    clock.advance(Duration.ofHours(-10));
    assertThat(sessions.use(token)).as("it does not come back").isFalse();
  }

  @Test
  void endsAfterThirtyDaysHoweverMuchItIsUsed() throws IOException {
    Sessions sessions = sessions();
    String token = sessions.begin();

    for (int hours = 0; hours < 30 * 24; hours += 8) {
      assertThat(sessions.use(token)).isTrue();
      clock.advance(Duration.ofHours(8));
    }
    clock.advance(Duration.ofHours(1));

    assertThat(sessions.use(token)).isFalse();
  }

  @Test
  void livesThroughARestart() throws IOException {
    String token = sessions().begin();

    assertThat(sessions().use(token)).isTrue();
  }

  @Test
  void itsUseIsRememberedAcrossARestart() throws IOException {
    Sessions before = sessions();
    String token = before.begin();
    clock.advance(Duration.ofHours(10));
    before.use(token);
    clock.advance(Duration.ofHours(10));

    assertThat(sessions().use(token)).isTrue();
  }

  @Test
  void theFileLetsNobodyIn() throws IOException {
    String token = sessions().begin();
    String stored = Files.readString(file());

    assertThat(stored).doesNotContain(token);
    assertThat(sessions().use(stored.split(" ", -1)[0])).isFalse();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aDamagedLineCostsOnlyItsOwnSession() throws IOException {
    String token = sessions().begin();
    Files.writeString(file(), "nonsense\n" + "ab".repeat(32) + " x y\n" + Files.readString(file()));

    assertThat(sessions().use(token)).isTrue();
  }

  @Test
  void onceEndedItIsGoneForGood() throws IOException {
    Sessions sessions = sessions();
    String token = sessions.begin();
    String other = sessions.begin();

    sessions.end(token);

    assertThat(sessions.use(token)).isFalse();
    assertThat(sessions().use(token)).isFalse();
    assertThat(sessions().use(other)).isTrue();
  }

  @Test
  void theLeastRecentlyUsedMakesRoom() throws IOException {
    Sessions sessions = sessions();
    String kept = sessions.begin();
    String idle = sessions.begin();
    for (int i = 0; i < Sessions.MAX_SESSIONS - 1; i++) {
      clock.advance(Duration.ofSeconds(1));
      sessions.use(kept);
      sessions.begin();
    }

    assertThat(sessions.use(kept)).isTrue();
    assertThat(sessions.use(idle)).isFalse();
  }

  private Path file() {
    return directory.resolve("auth/sessions");
  }

  private Sessions sessions() throws IOException {
    return new Sessions(file(), clock, Duration.ofHours(12), new SecureRandom());
  }
}
