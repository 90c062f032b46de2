package io.selvedge.console;

import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.console.auth.Auth;
import io.selvedge.console.auth.ConsoleSettings;
import io.selvedge.console.http.Router;
import io.selvedge.console.rest.History;
import io.selvedge.console.service.Gateway;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the pages with a made-up room, to work on them without a gateway: arguments are a data
 * directory, a port and, if wanted, how the deployment is ({@code fetching}, {@code shadow}, {@code
 * refused}, {@code reverted}). The sign-in code is in {@code auth/sign-in} of that directory.
 */
final class Preview {

  private final Clock clock = Clock.systemUTC();
  private final FakeServices services = new FakeServices(clock);
  private final History history = new History();
  private double temperature = 21;
  private boolean fan;
  private int byHand;

  private Preview() {}

  public static void main(String[] arguments) throws Exception {
    Preview preview = new Preview();
    Gateway gateway = new Gateway("gw-1", "acme", "0.1.0", Path.of(arguments[0]));
    Auth auth = new Auth(gateway, preview.services, ConsoleSettings.DEFAULTS, preview.clock);
    Router router =
        ConsoleServlet.router(gateway, auth, preview.services, preview.history, preview.clock);
    try (ConsoleServer server =
        new ConsoleServer(router, Integer.parseInt(arguments[1]), new FakeFelixConsole(auth))) {
      System.out.println("http://localhost:" + server.port());
      preview.diary();
      preview.deploy(arguments.length > 2 ? arguments[2] : "");
      for (int second = -240; ; second++) {
        preview.tick(second);
        if (second > 0) {
          Thread.sleep(1000);
        }
      }
    }
  }

  private void diary() {
    services
        .events()
        .ifPresent(
            events -> {
              events.report(
                  Event.Severity.WARNING,
                  "device/boiler",
                  "device.down",
                  "device [boiler] does not answer: no reply to Modbus unit [7] within [500 ms];"
                      + " check power and the cable");
              events.report(
                  Event.Severity.ERROR,
                  "model/occupancy",
                  "model.golden_mismatch",
                  "model [occupancy 6] was refused: golden row 0 gave [0.41], the trainer computed"
                      + " [0.93]; train and deploy it again");
              events.report(
                  Event.Severity.INFO,
                  "model/occupancy",
                  "model.live",
                  "model [occupancy 7] is live, in place of [5]");
            });
    DeviceStatus office = services.devices.get(0);
    services.devices.add(
        new DeviceStatus(
            "boiler",
            "io.selvedge.driver.modbus",
            "rs485-1",
            office.channels().subList(0, 1),
            Duration.ofMillis(250),
            DeviceStatus.State.DOWN,
            clock.instant().minusSeconds(300),
            "no reply to Modbus unit [7] within [500 ms]",
            0,
            1200));
  }

  private void deploy(String how) {
    FakeDeployments deployment = services.deployment;
    switch (how) {
      case "fetching" -> deployment.fetching(7_340_032, 11_534_336);
      case "shadow" -> deployment.trial(TrialStatus.Phase.SHADOW, TrialStatus.Verdict.OPEN, "");
      case "refused" ->
          deployment.ended(
              DeploymentStatus.State.REFUSED,
              "deployment.wrong_key",
              "the deployment is signed with key [89abcdef01234567], trusted are"
                  + " [0123456789abcdef]; put the hub's public key into conf/trust");
      case "reverted" -> {
        String why = "agreement [0.71] is below [0.8] after [160] rows";
        deployment.trial(TrialStatus.Phase.LIVE, TrialStatus.Verdict.FAILED, why);
        deployment.ended(DeploymentStatus.State.REVERTED, "trial.agreement", why);
      }
      default -> {
        // as it is
      }
    }
  }

  private void tick(int second) {
    Instant now = clock.instant().plusSeconds(Math.min(0, second));
    for (Command command : services.commands) {
      fan = command.target().channel().equals("fan") ? ((Value.Flag) command.value()).value() : fan;
    }
    byHand = services.commands.isEmpty() ? byHand - 1 : 20;
    services.commands.clear();
    temperature += (fan ? -0.08 : 0.05) + Math.sin(second / 9.0) * 0.06;
    boolean was = fan;
    if (byHand < 0 && (temperature > 24 || temperature < 20)) {
      fan = temperature > 24;
    }
    DeviceStatus office = services.devices.get(0);
    List<Measurement> row = new ArrayList<>();
    long nanos = (second + 1000) * 1_000_000_001L;
    for (Measurement past : services.latest.getOrDefault("office", List.of())) {
      Value value = past.value();
      if (past.channel().id().equals("temperature")) {
        value = Value.of(temperature);
      } else if (past.channel().id().equals("fan")) {
        value = Value.of(fan);
      }
      row.add(new Measurement("office", past.channel(), value, now, nanos));
    }
    services.latest.put("office", row);
    history.measured(row);
    decide(now, was, office);
  }

  private void decide(Instant now, boolean was, DeviceStatus office) {
    double p = Math.min(0.99, Math.max(0.01, (temperature - 20) / 4));
    List<Command> commands =
        was == fan
            ? List.of()
            : List.of(new Command(new ChannelAddress(office.id(), "fan"), Value.of(fan), "office"));
    Decision decision =
        new Decision(
            "office",
            "1",
            now,
            Optional.of(FakeServices.OCCUPANCY),
            Map.of("temperature", temperature, "temperature_slope_10m", 0.031, "day_sin", -0.7),
            Map.of("empty", 1 - p, "occupied", p),
            List.of(p > 0.5 ? "occupied" : "otherwise"),
            commands,
            Decision.Placement.EDGE,
            Map.of("queue", 21_000L, "pre", 34_000L, "edge", 210_000L, "act", 61_000L));
    services.decisions.add(0, decision);
    FlowStatus status =
        new FlowStatus(
            "office",
            "1",
            "file",
            now,
            services.decisions.size() + 4L,
            services.decisions.size(),
            4,
            0,
            services.decisions.size() * 2L,
            0,
            "",
            "rule [hot]: [inputs.temprature] is not an input of this flow; it has [temperature]",
            Optional.of(decision));
    services.flows.clear();
    services.flows.add(status);
    services.flows.add(
        new FlowStatus(
            "cellar",
            "2",
            "deployment",
            now,
            0,
            0,
            0,
            0,
            0,
            0,
            "model [humidity] is not live; deploy it or put it into conf/models",
            "",
            Optional.empty()));
  }
}
