package io.selvedge.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.bench.GatewayRest;
import io.selvedge.bench.rollout.FailingActivator.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundle of the connection to the hub is replaced while the gateway runs. */
class UplinkSwapIT {

  private static final String UPLINK = "io.selvedge.mqtt";

  @TempDir Path work;

  @Test
  void deploymentsGoOnOverTheNewUplinkAndTheConsoleSeesIt() throws Exception {
    HubAndGateway both = new HubAndGateway(work);
    try {
      both.await(() -> both.ready().contains("\"ready\":true"));
      GatewayRest rest = both.rest();
      String bundle = "/system/console/bundles/" + id(rest);
      int revision = 0;
      List<String> restart = List.of("stop", "start");
      List<String> update = List.of("update");
      for (List<String> ways : List.of(List.<String>of(), restart, update, restart, update)) {
        for (String way : ways) {
          manage(both, rest, bundle, way);
        }
        revision++;
        int wanted = revision;
        both.deploy(Integer.toString(revision), Way.RUNS);
        both.await(
            () ->
                both.reported().path("state").asText().equals("ACTIVE")
                    && both.reported().path("revision").asInt() == wanted);
        both.await(() -> rest.get("/api/status").at("/uplink/connected").asBoolean());
      }
      assertThat(both.gateway.starts()).isEqualTo(1);
    } finally {
      both.end();
    }
  }

  /** Returns once it is done: the console answers before an update has begun. */
  private static void manage(HubAndGateway both, GatewayRest rest, String bundle, String way)
      throws Exception {
    String before = modified(details(rest, bundle));
    JsonNode unused = rest.post(bundle + "?action=" + way, "");
    String state = way.equals("stop") ? "Resolved" : "Active";
    both.await(
        () -> {
          JsonNode now = details(rest, bundle);
          return now.path("state").asText().equals(state)
              && !(way.equals("update") && modified(now).equals(before));
        });
  }

  private static JsonNode details(GatewayRest rest, String bundle)
      throws IOException, InterruptedException {
    return rest.get(bundle + ".json").at("/data/0");
  }

  private static String modified(JsonNode details) {
    for (JsonNode property : details.path("props")) {
      if (property.path("key").asText().equals("Last Modification")) {
        return property.path("value").asText();
      }
    }
    throw new AssertionError("the console tells no last modification: " + details);
  }

  private static int id(GatewayRest rest) throws Exception {
    for (JsonNode bundle : rest.get("/system/console/bundles.json").path("data")) {
      if (bundle.path("symbolicName").asText().equals(UPLINK)) {
        return bundle.path("id").asInt();
      }
    }
    throw new AssertionError("there is no bundle [" + UPLINK + "]");
  }
}
