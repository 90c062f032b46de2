package io.selvedge.bus.pi4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Waiting for descriptors on this machine's own kernel, on a thread of its own. */
@EnabledOnOs(OS.LINUX)
class PollSetTest {

  private static final int TIMES = 500;

  private final JnaKernel kernel = new JnaKernel();
  private PollSet set;

  @BeforeEach
  void open() throws Errno {
    set = new PollSet(kernel);
  }

  @AfterEach
  void close() {
    set.close();
  }

  private void signal(int fd) throws Errno {
    Block one = kernel.allocate(Long.BYTES);
    one.bytes.putLong(0, 1);
    assertThat(kernel.write(fd, one, Long.BYTES)).isEqualTo(Long.BYTES);
  }

  @Test
  void timesBelowAMillisecondAreWaitedForToo() {
    long begun = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      set.await(300_000);
    }
    set.await(20_000_000);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(25));
  }

  @Test
  void anEndThatComesBeforeTheWaitEndsItAll() {
    set.end();
    set.end();

    set.await(Long.MAX_VALUE);

    long begun = System.nanoTime();
    set.await(5_000_000);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(4));
  }

  @Test
  void descriptorsComeAndGoWhileAnotherThreadWaits() throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    List<Integer> wrong = new CopyOnWriteArrayList<>();
    Thread waits =
        new Thread(
            () -> {
              while (!ends.get()) {
                set.await(Long.MAX_VALUE);
              }
            },
            "waits");
    waits.start();

    for (int i = 0; i < TIMES; i++) {
      int fd = kernel.eventfd();
      Semaphore told = new Semaphore(0);
      AtomicBoolean gone = new AtomicBoolean();
      set.watch(
          fd,
          what -> {
            if (gone.get() || what != Abi.POLLIN) {
              wrong.add(what);
            }
            told.release();
          });
      signal(fd); // nobody reads it: it stays ready until it is watched no more
      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).as("time %s", i).isTrue();
      set.unwatch(fd);
      gone.set(true);
      kernel.close(fd); // its number is the next one's
    }

    ends.set(true);
    set.end();
    waits.join(TimeUnit.SECONDS.toMillis(20));
    assertThat(waits.isAlive()).isFalse();
    assertThat(wrong).isEmpty();
    assertThat(set.isEmpty()).isTrue();
  }
}
