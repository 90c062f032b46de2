package io.selvedge.bench.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class KuraStoreTest {

  @Test
  void givesOutEachMessageOnce() throws SQLException {
    try (KuraStore store = new KuraStore("jdbc:h2:mem:once", 10, false)) {
      assertThat(store.store("topic", new byte[100])).isEqualTo(1);
      assertThat(store.store("topic", new byte[1000])).isEqualTo(2);
      assertThat(store.publishNext()).isTrue();
      assertThat(store.publishNext()).isTrue();
      assertThat(store.publishNext()).isFalse();
    }
  }

  @Test
  void refusesWhatIsBeyondItsCapacity() throws SQLException {
    try (KuraStore store = new KuraStore("jdbc:h2:mem:capacity", 1, true)) {
      store.store("topic", new byte[1]);
      assertThatThrownBy(() -> store.store("topic", new byte[1]))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("holds [1] messages, which is its capacity");
    }
  }
}
