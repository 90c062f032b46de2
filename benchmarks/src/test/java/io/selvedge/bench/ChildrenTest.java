package io.selvedge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildrenTest {

  /** Tells a value, then ends as its argument says. */
  static final class Child {
    public static void main(String[] args) throws InterruptedException {
      System.out.println("answer=42");
      if (args[0].equals("wait")) {
        Thread.currentThread().join();
      }
      System.exit(Integer.parseInt(args[0]));
    }
  }

  @Test
  void readsWhatAProcessTells() throws Exception {
    Children.Told told = Children.run(Child.class, List.of(), List.of("0"), "");
    assertThat(told.get("answer")).isEqualTo(42);
    assertThatThrownBy(() -> told.get("question"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not tell [question]");
  }

  @Test
  void endsAProcessThatHasToldEnough() throws Exception {
    assertThat(Children.run(Child.class, List.of(), List.of("wait"), "answer").get("answer"))
        .isEqualTo(42);
  }

  @Test
  void saysThatAProcessFailed() {
    assertThatThrownBy(() -> Children.run(Child.class, List.of(), List.of("3"), ""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("process [Child] ended with exit code [3]");
  }
}
