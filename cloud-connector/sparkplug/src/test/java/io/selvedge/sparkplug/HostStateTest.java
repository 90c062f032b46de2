package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.sparkplug.HostState.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostStateTest {

  private final HostState host = new HostState();

  @Test
  void believesTheFirstMessageWhateverItsTime() {
    assertThat(heard("{\"online\":true,\"timestamp\":5}")).isEqualTo(Verdict.ONLINE);
  }

  @Test
  void believesWhatIsAsOldOrNewer() {
    heard("{\"online\":true,\"timestamp\":100}");

    assertThat(heard("{\"online\":false,\"timestamp\":100}")).isEqualTo(Verdict.OFFLINE);
    assertThat(heard("{\"timestamp\":101,\"online\":true}")).isEqualTo(Verdict.ONLINE);
  }

  @Test
  void doesNotBelieveWhatIsOlder() {
    heard("{\"online\":true,\"timestamp\":100}");

    assertThat(heard("{\"online\":false,\"timestamp\":99}")).isEqualTo(Verdict.OLD);
    assertThat(heard("{\"online\":false,\"timestamp\":100}")).isEqualTo(Verdict.OFFLINE);
  }

  @Test
  void passesOverWhatIsNoStateMessage() {
    for (String wrong :
        List.of(
            "",
            "ONLINE",
            "null",
            "[]",
            "{}",
            "{\"online\":true}",
            "{\"timestamp\":1}",
            "{\"online\":\"true\",\"timestamp\":1}",
            "{\"online\":1,\"timestamp\":1}",
            "{\"online\":true,\"timestamp\":\"1\"}",
            "{\"online\":true,\"timestamp\":1.5}",
            "{\"online\":true,\"timestamp\":-1}",
            "{\"online\":true,\"timestamp\":1e99}",
            "{\"online\":true,\"timestamp\":1",
            "\u0000\u0001")) {
      assertThat(heard(wrong)).as(wrong).isEqualTo(Verdict.UNREADABLE);
    }
    assertThat(heard("{\"online\":true,\"timestamp\":0}")).isEqualTo(Verdict.ONLINE);
  }

  private Verdict heard(String json) {
    return host.heard(json.getBytes(StandardCharsets.UTF_8));
  }
}
