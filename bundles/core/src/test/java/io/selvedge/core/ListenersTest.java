package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ListenersTest {

  private final Listeners<Consumer<String>> listeners = new Listeners<>(null);
  private final List<String> heard = new ArrayList<>();

  @Test
  void oneThatThrowsIsFaultyUntilItHearsAMessageWhateverFollowsGoesWell() {
    Consumer<String> hostile =
        message -> {
          if (message.equals("row")) {
            throw new IllegalStateException("a fault of the listener");
          }
        };
    listeners.add(hostile);
    listeners.add(heard::add);

    for (int i = 0; i < 2; i++) {
      listeners.tell(Consumer::accept, "row");
      listeners.tellAfter(listener -> listener.accept("after"));
      assertThat(listeners.isFaulty(hostile)).as("it is complained of once").isTrue();
    }
    listeners.tell(Consumer::accept, "other");

    assertThat(listeners.isFaulty(hostile)).isFalse();
    assertThat(heard).containsExactly("row", "after", "row", "after", "other");
  }

  @Test
  void oneThatThrowsInWhatFollowsIsFaultyToo() {
    Consumer<String> hostile =
        message -> {
          throw new AssertionError("a fault of the listener");
        };
    listeners.add(hostile);
    listeners.add(heard::add);

    listeners.tellAfter(listener -> listener.accept("after"));

    assertThat(listeners.isFaulty(hostile)).isTrue();
    assertThat(heard).containsExactly("after");
  }

  @Test
  void theHighestRankingIsToldFirstThenWhoCameFirst() {
    listeners.add(message -> heard.add("shows"), -100);
    listeners.add(message -> heard.add("plugin"));
    listeners.add(message -> heard.add("acts"), 100);
    listeners.add(message -> heard.add("another plugin"));

    listeners.tell(Consumer::accept, "row");

    assertThat(heard).containsExactly("acts", "plugin", "another plugin", "shows");
  }
}
