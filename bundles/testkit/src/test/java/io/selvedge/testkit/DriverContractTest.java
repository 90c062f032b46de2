package io.selvedge.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract must find the faults it is there to find. */
class DriverContractTest {

  @Nested
  class OfAGoodDriver extends DriverContract {
    @Override
    protected Driver driver() {
      return new Fixed(
          List.of(Channel.decimal("temperature", "Cel"), Channel.flag("door")),
          List.of(Reading.of("temperature", 21.5), Reading.of("door", false)));
    }
  }

  @Test
  void findsTwoChannelsOfOneId() {
    Channel twice = Channel.flag("door");

    assertThatThrownBy(
            () -> of(List.of(twice, twice), List.of()).declaresChannelsWithIdsOfTheirOwn())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("door");
  }

  @Test
  void findsReadingsThatAreNotDeclared() {
    assertThatThrownBy(
            () ->
                of(List.of(Channel.flag("door")), List.of(Reading.of("window", true)))
                    .readsDeclaredChannelsInTheirKindOnly())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("window");
  }

  @Test
  void findsReadingsOfAnotherKind() {
    assertThatThrownBy(
            () ->
                of(List.of(Channel.flag("door")), List.of(Reading.of("door", 1L)))
                    .readsDeclaredChannelsInTheirKindOnly())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("FLAG");
  }

  @Test
  void findsAChannelThatComesTwice() {
    Reading open = Reading.of("door", true);

    assertThatThrownBy(
            () -> of(List.of(Channel.flag("door")), List.of(open, open)).readsAChannelOnceATime())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("[door] came twice");
  }

  @Test
  void takesMissingValuesOfAnyKind() {
    assertThatCode(
            () ->
                of(
                        List.of(Channel.flag("door")),
                        List.of(
                            Reading.missing(
                                "door", io.selvedge.api.device.Value.Reason.NO_ANSWER, "")))
                    .readsDeclaredChannelsInTheirKindOnly())
        .doesNotThrowAnyException();
  }

  private static DriverContract of(List<Channel> channels, List<Reading> readings) {
    return new DriverContract() {
      @Override
      protected Driver driver() {
        return new Fixed(channels, readings);
      }
    };
  }

  private record Fixed(List<Channel> channels, List<Reading> read) implements Driver {}
}
