package io.selvedge.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.Deployments.Past;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of deployments, for people: the file {@code history.json}. Nothing is decided by it,
 * so that one that cannot be read or written costs nothing but itself. Thread-safe.
 */
final class History {

  static final int MOST = 100;

  private static final Logger log = LoggerFactory.getLogger(History.class);

  private final Path file;
  private final Disk disk;
  private List<Past> past;
  private long limitsOf;
  private Map<String, Double> limits = Map.of();

  History(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
    past = read();
  }

  /** Newest first. */
  synchronized List<Past> list() {
    return past;
  }

  /** Limits of a deployment's trial, also once it is over. */
  synchronized Map<String, Double> limits(long revision) {
    return revision == limitsOf ? limits : Map.of();
  }

  /** Notes a state that differs from the newest. */
  synchronized void note(DeploymentStatus status, Optional<Trial> trial) {
    status
        .trial()
        .flatMap(
            one ->
                trial.map(
                    t ->
                        switch (one.phase()) {
                          case SHADOW -> numbers(t.toJson().path("shadow"));
                          case LIVE -> numbers(t.toJson().path("live"));
                        }))
        .ifPresent(
            found -> {
              limits = found;
              limitsOf = status.newest();
            });
    Past now =
        new Past(status.newest(), status.state(), status.since(), status.code(), status.message());
    boolean same =
        past.stream()
            .findFirst()
            .filter(one -> one.revision() == now.revision() && one.state() == now.state())
            .filter(one -> one.code().equals(now.code()))
            .isPresent();
    if (same || now.state() == State.NONE) {
      return;
    }
    List<Past> all = new ArrayList<>(past);
    all.add(0, now);
    past = List.copyOf(all.subList(0, Math.min(MOST, all.size())));
    write();
  }

  private static Map<String, Double> numbers(JsonNode phase) {
    Map<String, Double> numbers = new TreeMap<>();
    phase
        .properties()
        .forEach(
            one -> {
              if (one.getValue().isNumber()) {
                numbers.put(one.getKey(), one.getValue().doubleValue());
              }
            });
    return Map.copyOf(numbers);
  }

  private void write() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1).put("limits_of", limitsOf);
    limits.forEach(json.putObject("limits")::put);
    ArrayNode list = json.putArray("past");
    for (Past one : past) {
      list.addObject()
          .put("revision", one.revision())
          .put("state", one.state().name())
          .put("time", one.time().toString())
          .put("code", one.code())
          .put("message", one.message());
    }
    try {
      disk.replace(file, Json.bytes(json));
    } catch (IOException e) {
      log.warn("History of deployments cannot be written: {}", e.toString());
    }
  }

  private List<Past> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      Fields fields = Fields.parse("history.json", Files.readAllBytes(file));
      fields.whole("format", 1, 1);
      limitsOf = fields.whole("limits_of", 0, Long.MAX_VALUE);
      limits = numbers(fields.raw("limits"));
      List<Past> all = new ArrayList<>();
      for (Fields one : fields.objects("past")) {
        all.add(
            new Past(
                one.whole("revision", 0, Long.MAX_VALUE),
                State.valueOf(one.text("state")),
                one.instant("time"),
                one.text("code"),
                one.text("message")));
      }
      return List.copyOf(all);
    } catch (IOException | IllegalArgumentException e) {
      log.warn("History of deployments cannot be read and begins anew: {}", e.toString());
      return List.of();
    }
  }
}
