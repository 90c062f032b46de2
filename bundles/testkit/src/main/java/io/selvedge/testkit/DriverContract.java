package io.selvedge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every driver must do, whatever its hardware. Extend it in a driver's tests:
 *
 * <pre>{@code
 * class Tmp102ContractTest extends DriverContract {
 *   @Override
 *   protected Driver driver() {
 *     return new Tmp102Driver(bus, Configs.of(Tmp102Config.class, Map.of("device.id", "hall")));
 *   }
 * }
 * }</pre>
 */
public abstract class DriverContract {

  /** Reads that the contract looks at. */
  private static final int READS = 5;

  private static final long LONG_MS = TimeUnit.SECONDS.toMillis(10);

  /** A new driver in front of a device, or a fake of one, that answers. */
  protected abstract Driver driver() throws Exception;

  /** Between two reads, for example to move a fake clock on. Does nothing by itself. */
  protected void beforeRead() {}

  /**
   * Takes the device away. Does nothing by itself.
   *
   * @return whether it could: then a read must say so by a {@link DeviceException}
   */
  protected boolean unplug() throws Exception {
    return false;
  }

  @Test
  public void saysThatADeviceDoesNotAnswer() throws Exception {
    Driver driver = driver();
    if (unplug()) {
      assertThatThrownBy(driver::read)
          .as("a read of a device that is not there")
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("[");
    }
  }

  @Test
  public void declaresChannelsWithIdsOfTheirOwn() throws Exception {
    List<Channel> channels = driver().channels();

    assertThat(channels).as("a device without channels is of no use").isNotEmpty();
    assertThat(channels).extracting(Channel::id).doesNotHaveDuplicates();
  }

  @Test
  public void declaresTheSameChannelsAtEachCall() throws Exception {
    Driver driver = driver();
    List<Channel> before = driver.channels();

    beforeRead();
    driver.read();

    assertThat(driver.channels()).isEqualTo(before);
  }

  /**
   * A driver that asks for reads must do so by the means it was given, and live without an answer.
   */
  @Test
  public void readsAlsoAfterItWasGivenTheMeansToAskForReads() throws Exception {
    Driver driver = driver();
    var unused = driver.channels();
    driver.attach(() -> {});
    beforeRead();

    assertThat(driver.read()).isNotNull();
  }

  @Test
  public void readsDeclaredChannelsInTheirKindOnly() throws Exception {
    Driver driver = driver();
    Map<String, Channel> channels =
        driver.channels().stream().collect(Collectors.toMap(Channel::id, Function.identity()));

    for (int i = 0; i < READS; i++) {
      beforeRead();
      for (Reading reading : driver.read()) {
        assertThat(channels).as("declared channels").containsKey(reading.channel());
        Channel channel = Objects.requireNonNull(channels.get(reading.channel()));
        assertThat(channel.isReadable()).as("[%s] is readable", reading.channel()).isTrue();
        assertThat(fits(channel.kind(), reading.value()))
            .as("[%s] of [%s] is of kind %s", reading.value(), channel.id(), channel.kind())
            .isTrue();
      }
    }
  }

  @Test
  public void readsAChannelOnceATime() throws Exception {
    Driver driver = driver();

    for (int i = 0; i < READS; i++) {
      beforeRead();
      Set<List<Object>> seen = new HashSet<>();
      for (Reading reading : driver.read()) {
        assertThat(seen.add(List.of(reading.channel(), reading.time())))
            .as("[%s] came twice for time %s", reading.channel(), reading.time())
            .isTrue();
      }
    }
  }

  @Test
  public void refusesToWriteWhatItDoesNotDeclareAsWritable() throws Exception {
    Driver driver = driver();

    assertThatThrownBy(() -> driver.write("no_such_channel", Value.of(true)))
        .as("an unknown channel")
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[no_such_channel]");
    for (Channel channel : driver.channels()) {
      if (!channel.isWritable()) {
        assertThatThrownBy(() -> driver.write(channel.id(), Value.of(true)))
            .as("a read-only channel")
            .isInstanceOf(DeviceException.class)
            .hasMessageContaining("[" + channel.id() + "]");
      }
    }
  }

  /** A driver that goes on in spite of an interrupt keeps its bus from being served. */
  @Test
  public void endsAReadThatIsInterrupted() throws Exception {
    Driver driver = driver();
    beforeRead();
    Thread reader =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              try {
                driver.read();
              } catch (DeviceException | InterruptedException e) {
                // either is right: what counts is that the call ends
              }
            },
            "driver-contract");
    reader.setDaemon(true);

    reader.start();
    reader.join(LONG_MS);

    assertThat(reader.isAlive()).as("read() still runs ten seconds after an interrupt").isFalse();
  }

  private static boolean fits(Channel.Kind kind, Value value) {
    return value.match(
        decimal -> kind == Channel.Kind.DECIMAL,
        whole -> kind == Channel.Kind.WHOLE,
        flag -> kind == Channel.Kind.FLAG,
        text -> kind == Channel.Kind.TEXT,
        missing -> true);
  }
}
