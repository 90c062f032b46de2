package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OffspringTest {

  /** As the threads of the Configuration Admin: their group ends with the last of them. */
  @Test
  @SuppressWarnings("removal") // such groups are what there is on 17
  void aBusOutlivesTheThreadThatConfiguredItsFirstDevice() throws Exception {
    ThreadGroup passing = new ThreadGroup("passing");
    passing.setDaemon(true);
    CompletableFuture<Offspring> made = new CompletableFuture<>();
    Thread configures = new Thread(passing, () -> made.complete(new Offspring("one")));
    configures.start();
    Offspring offspring = made.get(60, TimeUnit.SECONDS);
    configures.join();

    for (int i = 0; i < 2; i++) {
      CompletableFuture<String> ran = new CompletableFuture<>();
      Thread worker = offspring.worker(() -> ran.complete("it"), "selvedge-bus-one");
      worker.start();
      assertThat(ran.get(60, TimeUnit.SECONDS)).as("worker %d", i).isEqualTo("it");
      worker.join();
    }
  }
}
