package io.selvedge.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How it is drawn on a terminal. */
class RolloutViewTest {

  @Test
  void aLineThatIsWiderThanTheTerminalIsCutSoThatTheNextDrawingBeginsAtTheFirst() throws Exception {
    JsonNode rollout =
        HubClient.JSON.readTree(
            "{\"id\": 7, \"name\": \"to 2\", \"state\": \"RUNNING\", \"groups\": [{\"name\":"
                + " \"canary\", \"state\": \"RUNNING\", \"waits\": \""
                + "waits for [gw-1] ".repeat(20)
                + "\", \"counts\": {\"TRIAL\": 1}}]}");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    RolloutView view = new RolloutView(new PrintStream(said, true, StandardCharsets.UTF_8), true);
    for (int i = 0; i < 2; i++) {
      said.reset();
      view.show(rollout);
      String drawn = said.toString(StandardCharsets.UTF_8);
      assertThat(drawn).startsWith("\u001b[?7l").endsWith("\u001b[?7h");
      assertThat(drawn.lines().filter(line -> line.contains("\u001b[K"))).hasSize(3);
      assertThat(drawn.contains("\u001b[3A\u001b[J")).as("begins at the first").isEqualTo(i > 0);
    }
  }
}
