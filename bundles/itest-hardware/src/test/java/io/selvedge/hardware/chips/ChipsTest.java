package io.selvedge.hardware.chips;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChipsTest {

  private final List<Simulated> all = Chips.all();

  @Test
  void noTwoDevicesHaveOneName() {
    assertThat(all).extracting(Simulated::device).doesNotHaveDuplicates();
  }

  @Test
  void noTwoChipsHaveOnePlace() {
    assertThat(
            all.stream()
                .flatMap(device -> device.image().stream())
                .filter(c -> c.contains(" add ")))
        .extracting(command -> command.replaceAll(" \\w+'$", ""))
        .doesNotHaveDuplicates();
  }

  @Test
  void eachDeviceHasToSaySomething() {
    assertThat(all).allSatisfy(device -> assertThat(device.expected()).isNotEmpty());
  }

  /** The name of a configuration file is split at its first hyphen. */
  @Test
  void noPidHasAHyphen() {
    assertThat(all).extracting(Simulated::pid).noneMatch(pid -> pid.contains("-"));
  }

  @Test
  void theFlowSendsEachChannelThatIsExpected() {
    String flow = Flows.sendingAll(all).get("flows/hardware.flow.yaml");

    assertThat(flow).contains("sht3x_temperature: sht3x/temperature", "bh1750_kernel_illuminance");
  }
}
