package io.selvedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which hubs may start on a store when the key that they share was replaced. */
class HubsTest {

  private static final List<String> NONE = List.of();
  private static final List<String> OLD = List.of("old");

  private Database database;
  private Hubs hubs;

  @BeforeEach
  void twoOfOneKeyStandStill(@TempDir Path directory) throws IOException {
    database = Database.embedded(directory.resolve("store"));
    hubs = new Hubs(database);
    assertThat(hubs.register("HUB-a", "1", "old", NONE)).isEmpty();
    assertThat(hubs.register("HUB-b", "2", "old", NONE)).isEmpty();
    assertThat(hubs.live()).containsExactly("HUB-a", "HUB-b");
    allStop();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void allStop() {
    database
        .jdbi()
        .useHandle(h -> h.execute("update hubs set seen_at = seen_at - interval '1' hour"));
    assertThat(hubs.live()).isEmpty();
  }

  @Test
  void withTheirKeyTheyStartAgain() {
    assertThat(hubs.register("HUB-b", "3", "old", NONE)).isEmpty();
    assertThat(hubs.register("HUB-a", "4", "old", NONE)).isEmpty();
  }

  @Test
  void whereOneReplacedItTheOthersStartWithTheNewOneOnly() {
    assertThat(hubs.register("HUB", "3", "old", NONE)).isEmpty();
    hubs.replaced("HUB", "new", OLD);
    allStop();

    assertThat(hubs.register("HUB-b", "4", "old", NONE))
        .get()
        .asString()
        .contains("signing key [old]", "[new]", "Copy auth and keys", "delete from hubs");
    assertThat(hubs.live()).isEmpty();
    assertThat(hubs.register("HUB-b", "4", "new", OLD)).as("copied").isEmpty();
    assertThat(hubs.register("HUB-a", "5", "old", NONE)).as("not yet").isPresent();
    assertThat(hubs.register("HUB-a", "5", "new", OLD)).isEmpty();
  }

  /** The hub was killed between its change and the store. */
  @Test
  void whereTheStoreDidNotHearOfItTheNextStartTellsIt() {
    assertThat(hubs.register("HUB-a", "3", "new", OLD)).isEmpty();
    allStop();
    assertThat(hubs.register("HUB-b", "4", "old", NONE)).isPresent();
  }

  @Test
  void oneThatStillRunsWithTheOldKeyIsNotPassedOver() {
    assertThat(hubs.register("HUB-b", "3", "old", NONE)).isEmpty();
    assertThat(hubs.register("HUB-a", "4", "new", OLD)).isPresent();
    hubs.replaced("HUB-a", "new", OLD);
    assertThat(hubs.register("HUB-a", "4", "new", OLD)).as("as it really signs").isPresent();
  }

  @Test
  void aBackupOfBeforeTheChangeDoesNotStartEither() {
    assertThat(hubs.register("HUB-a", "3", "new", OLD)).isEmpty();
    allStop();
    assertThat(hubs.register("HUB-a", "4", "old", NONE)).isPresent();
  }
}
