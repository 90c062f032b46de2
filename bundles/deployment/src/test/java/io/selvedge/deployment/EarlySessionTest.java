package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.uplink.Downloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EarlySessionTest {

  private final FakeDownloads way = new FakeDownloads();

  private static final class FakeDownloads implements Downloads {
    final BlockingQueue<Consumer<byte[]>> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    volatile boolean refuses;

    @Override
    public Session open(Consumer<byte[]> arrived) throws IOException {
      if (refuses) {
        throw new IOException("refused");
      }
      opened.add(arrived);
      return new Session() {
        @Override
        public String name() {
          return "s";
        }

        @Override
        public Optional<String> ended() {
          return Optional.empty();
        }

        @Override
        public void close() {
          closed.add("s");
        }
      };
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(60, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  void theFirstSessionIsTheOneThatWasBegun() throws Exception {
    List<byte[]> came = new ArrayList<>();
    try (EarlySession early = new EarlySession(way)) {
      early.begin();
      Consumer<byte[]> link = next(way.opened);
      early.open(came::add);
      link.accept(new byte[3]);
      assertThat(came).hasSize(1);
      assertThat(way.opened).isEmpty();
      early.open(came::add);
      assertThat(way.opened).hasSize(1);
    }
    assertThat(way.closed).isEmpty();
  }

  @Test
  void oneThatNobodyTookIsClosed() throws Exception {
    try (EarlySession early = new EarlySession(way)) {
      early.begin();
      next(way.opened);
    }
    assertThat(next(way.closed)).isEqualTo("s");
  }

  @Test
  void oneThatWasRefusedIsToldToWhoeverAsksAndTheNextIsANewOne() throws Exception {
    way.refuses = true;
    try (EarlySession early = new EarlySession(way)) {
      early.begin();
      assertThatThrownBy(() -> early.open(message -> {}))
          .isInstanceOf(IOException.class)
          .hasMessage("refused");
      way.refuses = false;
      assertThat(early.open(message -> {}).name()).isEqualTo("s");
    }
  }
}
