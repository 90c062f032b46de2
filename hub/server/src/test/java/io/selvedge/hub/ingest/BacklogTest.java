package io.selvedge.hub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.link.Delivery;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BacklogTest {

  private static Delivery of(int bytes) {
    return new Delivery("t", new byte[bytes], Instant.EPOCH, () -> {});
  }

  @Test
  void itIsBoundedByMessages() throws Exception {
    Backlog backlog = new Backlog(2, 1000);
    assertThat(backlog.offer(of(1), 0)).isTrue();
    assertThat(backlog.half()).isTrue();
    assertThat(backlog.offer(of(1), 0)).isTrue();
    assertThat(backlog.half()).isFalse();
    assertThat(backlog.offer(of(1), 0)).isFalse();
    assertThat(backlog.poll(0)).isPresent();
    assertThat(backlog.offer(of(1), 0)).isTrue();
  }

  @Test
  void itIsBoundedByBytesButTakesOneThatIsLargerThanAll() throws Exception {
    Backlog backlog = new Backlog(100, 1000);
    assertThat(backlog.offer(of(600), 0)).isTrue();
    assertThat(backlog.offer(of(600), 0)).isFalse();
    assertThat(backlog.offer(of(400), 0)).isTrue();
    assertThat(backlog.poll(0)).get().extracting(one -> one.payload().length).isEqualTo(600);
    assertThat(backlog.poll(0)).get().extracting(one -> one.payload().length).isEqualTo(400);
    assertThat(backlog.offer(of(5000), 0)).isTrue();
    assertThat(backlog.offer(of(0), 0)).isFalse();
  }

  @Test
  void whoeverBringsMoreWaitsForRoom() throws Exception {
    Backlog backlog = new Backlog(1, 1000);
    assertThat(backlog.offer(of(1), 0)).isTrue();
    CompletableFuture<Boolean> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return backlog.offer(of(2), 60_000);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(backlog.poll(0)).isPresent();
    assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(backlog.poll(TimeUnit.SECONDS.toNanos(30))).isPresent();
    assertThat(backlog.poll(0)).isEmpty();
  }
}
