package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.PublishListener;
import io.selvedge.protocol.kura.Calls.Correlation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswersTest {

  /** Does everything at once, on the caller's thread. */
  private static final class FakeExecutor extends AbstractExecutorService {
    @Override
    public void execute(Runnable work) {
      work.run();
    }

    @Override
    public void shutdown() {
      // there is no thread
    }

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }

  /** Notes what is published; acknowledges when it is told to. */
  private static final class FakeWay implements Answers.Way {
    private final Map<String, PublishListener> sent = new LinkedHashMap<>();
    private int room = Integer.MAX_VALUE;

    @Override
    public void publish(String topic, byte[] payload, PublishListener listener)
        throws ConnectionException {
      if (topic.startsWith("wrong")) {
        throw new IllegalArgumentException("no such topic");
      }
      if (sent.size() >= room) {
        throw new ConnectionException(ConnectionException.Kind.OTHER, "too many under way");
      }
      sent.put(topic, listener);
    }

    void acknowledge(String topic) {
      Optional.ofNullable(sent.remove(topic)).orElseThrow().done();
    }

    List<String> topics() {
      return new ArrayList<>(sent.keySet());
    }
  }

  private final AtomicLong nanos = new AtomicLong();
  private final Answers answers = new Answers(new FakeExecutor(), nanos::get);
  private final FakeWay way = new FakeWay();

  @Test
  void goesOutAgainOnTheNextConnectionUntilItIsAcknowledged() {
    answers.send("a", new byte[1]);
    answers.up(way);
    answers.send("b", new byte[1]);
    assertThat(way.topics()).containsExactly("a", "b");
    way.acknowledge("a");
    answers.down();
    answers.send("c", new byte[1]);
    FakeWay next = new FakeWay();
    answers.up(next);
    assertThat(next.topics()).containsExactly("b", "c");
  }

  @Test
  void givesUpWhatNobodyWaitsForAnyMore() {
    answers.send("old", new byte[1]);
    nanos.addAndGet(Answers.PATIENCE.toNanos() / 2);
    answers.send("young", new byte[1]);
    nanos.addAndGet(Answers.PATIENCE.toNanos() / 2 + 1);
    answers.up(way);
    assertThat(way.topics()).containsExactly("young");
  }

  @Test
  void keepsTheNewestWhereThereAreTooManyOrTooMuch() {
    IntStream.range(0, Answers.MOST + 10).forEach(i -> answers.send("t" + i, new byte[1]));
    way.room = 1;
    answers.up(way);
    assertThat(way.topics()).containsExactly("t10");
    answers.down();
    answers.send("large", new byte[Answers.MOST_BYTES]);
    FakeWay next = new FakeWay();
    answers.up(next);
    assertThat(next.topics()).containsExactly("large");
  }

  @Test
  void triesAgainWithTheNextAcknowledgement() {
    way.room = 1;
    answers.up(way);
    answers.send("a", new byte[1]);
    answers.send("b", new byte[1]);
    answers.send("c", new byte[1]);
    assertThat(way.topics()).containsExactly("a");
    way.acknowledge("a");
    assertThat(way.topics()).containsExactly("b");
    way.acknowledge("b");
    assertThat(way.topics()).containsExactly("c");
  }

  @Test
  void isNotHeldUpByATopicThatIsNotAllowed() {
    answers.up(way);
    answers.send("wrong", new byte[1]);
    answers.send("right", new byte[1]);
    assertThat(way.topics()).containsExactly("right");
    FakeWay next = new FakeWay();
    answers.up(next);
    assertThat(next.topics()).containsExactly("right");
  }

  @Test
  void givesUpWhatWasTheFirstUnderWayAtFiveEndsOfConnections() {
    answers.send("poison", new byte[1]);
    answers.send("good", new byte[1]);
    for (int i = 0; i < Answers.MOST_BREAKS; i++) {
      FakeWay next = new FakeWay();
      answers.up(next);
      assertThat(next.topics()).containsExactly("poison", "good");
      answers.down();
    }
    answers.up(way);
    assertThat(way.topics()).containsExactly("good");
  }

  private static Answered.Key key(int number) {
    return new Answered.Key("topic", new Correlation(Integer.toString(number), "HUB"));
  }

  @Test
  void remembersForAWhileWhatWasDone() {
    Answered answered = new Answered(nanos::get);
    answered.done(key(1), new byte[] {7});
    assertThat(answered.find(key(1)).orElseThrow().bytes()).contains(new byte[] {7});
    assertThat(answered.find(key(2))).isEmpty();
    nanos.addAndGet(Answered.MEMORY.toNanos() + 1);
    assertThat(answered.find(key(1))).isEmpty();
    IntStream.range(0, Answered.MOST + 1).forEach(i -> answered.done(key(i), new byte[1]));
    assertThat(answered.find(key(0))).isEmpty();
    assertThat(answered.find(key(1))).isPresent();
  }

  @Test
  void forgetsOldRepliesButNotThatTheyWereGiven() {
    Answered answered = new Answered(nanos::get);
    answered.done(key(1), new byte[Answered.MOST_BYTES / 2]);
    answered.done(key(2), new byte[Answered.MOST_BYTES / 2]);
    answered.done(key(3), new byte[Answered.MOST_BYTES / 2]);
    assertThat(answered.find(key(1)).orElseThrow().bytes()).isEmpty();
    assertThat(answered.find(key(2)).orElseThrow().bytes()).isPresent();
    assertThat(answered.find(key(3)).orElseThrow().bytes()).isPresent();
  }
}
