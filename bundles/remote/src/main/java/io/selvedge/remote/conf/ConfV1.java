package io.selvedge.remote.conf;

import io.selvedge.api.configuration.Snapshot;
import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.remote.Answers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * The application {@code CONF-V1}: configurations and snapshots of them, as Kura has them. Each
 * change is a snapshot; passwords do not leave the gateway.
 */
@Component(property = "app.id=" + ConfV1.APP)
public final class ConfV1 implements RequestHandler {

  static final String APP = "CONF-V1";

  /** They say what may be done from afar; that is not changed from afar. */
  private static final Set<String> LOCAL =
      Set.of("io.selvedge.remote.command", "io.selvedge.remote.deploy");

  private static final String KNOWN =
      "GET configurations[/PID], PUT configurations[/PID], GET snapshots[/ID], EXEC snapshot, EXEC"
          + " rollback[/ID]";

  private final Present present;
  private final Definitions definitions;
  private final Snapshots snapshots;
  private final ConnectionGuard guard;

  @Activate
  public ConfV1(
      BundleContext context,
      @Reference(name = "admin") ConfigurationAdmin admin,
      @Reference(name = "types") MetaTypeService types,
      @Reference(name = "snapshots") Snapshots snapshots,
      @Reference(name = "guard") ConnectionGuard guard) {
    this(
        new ConfigAdminPresent(admin, context.getProperty("selvedge.conf")),
        new BundleDefinitions(context, types),
        snapshots,
        guard);
  }

  ConfV1(Present present, Definitions definitions, Snapshots snapshots, ConnectionGuard guard) {
    this.present = present;
    this.definitions = definitions;
    this.snapshots = snapshots;
    this.guard = guard;
  }

  @Override
  public Reply handle(Request request) {
    String[] parts = request.resource().split("/", 2);
    Optional<String> which = parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
    try {
      return switch (request.method() + " " + parts[0]) {
        case "GET configurations" -> configurations(which);
        case "PUT configurations" -> put(which, request.body());
        case "GET snapshots" -> which.isEmpty() ? ids() : snapshot(id(which.get()));
        case "EXEC snapshot" -> ids(snapshots.take("asked for by " + APP));
        case "EXEC rollback" -> rollback(which);
        default -> Answers.unknown(APP, request, KNOWN);
      };
    } catch (IOException e) {
      throw new UncheckedIOException("configuration: " + e.getMessage(), e);
    }
  }

  private Reply configurations(Optional<String> which) throws IOException {
    Map<String, Map<String, Object>> all = present.all();
    if (which.isEmpty()) {
      definitions.singles().stream()
          .filter(pid -> pid.startsWith("io.selvedge."))
          .forEach(pid -> all.computeIfAbsent(pid, key -> new TreeMap<>()));
    }
    List<ConfXml.Configuration> told = new ArrayList<>();
    for (Map.Entry<String, Map<String, Object>> one : all.entrySet()) {
      if (which.isEmpty() || which.get().equals(one.getKey())) {
        told.add(
            new ConfXml.Configuration(
                one.getKey(), one.getValue(), definitions.find(one.getKey()), true));
      }
    }
    if (told.isEmpty()) {
      return Reply.error(
          404, "configuration [" + which.orElse("") + "] is not here; there are " + all.keySet());
    }
    return Answers.text(ConfXml.configurations(told, snapshots::isSecret));
  }

  private Reply put(Optional<String> which, byte[] body) throws IOException {
    Map<String, Map<String, Object>> wanted = ConfXmlReader.read(body);
    if (which.isPresent()) {
      wanted.keySet().retainAll(Set.of(which.get()));
      if (wanted.isEmpty()) {
        throw new IllegalArgumentException(
            "body holds no configuration of [" + which.get() + "], which the topic names");
      }
    }
    Map<String, Map<String, Object>> here = present.all();
    Map<String, Map<String, Object>> checked = new HashMap<>();
    for (Map.Entry<String, Map<String, Object>> one : wanted.entrySet()) {
      Map<String, Object> values = checked(one.getKey(), one.getValue(), here.keySet());
      if (!isLocal(one.getKey())) {
        checked.put(one.getKey(), values);
      } else if (differs(values, here.getOrDefault(one.getKey(), Map.of()))) {
        throw local(one.getKey());
      }
    }
    if (checked.isEmpty()) {
      return Reply.ok();
    }
    String why = APP + ": " + checked.keySet().stream().sorted().collect(Collectors.joining(", "));
    if (guard.concerns(checked.keySet())) {
      guard.arm(why);
    }
    snapshots.update(checked, why);
    return Reply.ok();
  }

  private static boolean isLocal(String pid) {
    return LOCAL.contains(pid.replaceFirst("~.*", ""));
  }

  private static boolean differs(Map<String, Object> wanted, Map<String, Object> now) {
    return wanted.entrySet().stream()
        .filter(one -> !Snapshots.MASK.equals(one.getValue()))
        .anyMatch(one -> !text(one.getValue()).equals(text(now.getOrDefault(one.getKey(), ""))));
  }

  private static String text(Object value) {
    return TypeName.elements(value).stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static IllegalArgumentException local(String pid) {
    return new IllegalArgumentException(
        "configuration ["
            + pid
            + "] says what may be done from afar and is changed at the gateway only: by its console,"
            + " its file in conf/, or a signed deployment");
  }

  private Map<String, Object> checked(String pid, Map<String, Object> values, Set<String> here) {
    Optional<ObjectClassDefinition> type = definitions.find(pid);
    if (type.isEmpty() && !here.contains(pid)) {
      throw new IllegalArgumentException(
          "configuration ["
              + pid
              + "] is not here, and no bundle has it; one of several is FACTORYPID~name, for"
              + " example [io.selvedge.driver.simulated~hall]");
    }
    Map<String, Object> kept = new TreeMap<>(values);
    kept.keySet().removeAll(ConfigAdminPresent.NOT_TOLD);
    kept.forEach(
        (key, value) -> Definitions.attribute(type, key).ifPresent(one -> check(pid, one, value)));
    return kept;
  }

  private static void check(String pid, AttributeDefinition declared, Object value) {
    String text = text(value);
    TypeName type = TypeName.of(declared);
    if (!Snapshots.MASK.equals(text)) {
      TypeName.elements(value).forEach(one -> type.value(declared.getID(), String.valueOf(one)));
      String wrong = declared.validate(text);
      if (wrong != null && !wrong.isEmpty()) {
        throw new IllegalArgumentException(
            "property [" + declared.getID() + "] of [" + pid + "] is [" + text + "]: " + wrong);
      }
    }
  }

  private Reply ids() {
    List<Long> ids = snapshots.list().stream().map(Snapshot::id).sorted().toList();
    return Answers.text(ConfXml.snapshotIds(ids));
  }

  private static Reply ids(Snapshot one) {
    return Answers.text(ConfXml.snapshotIds(List.of(one.id())));
  }

  private Reply snapshot(long id) throws IOException {
    Optional<Map<String, Map<String, Object>>> values = snapshots.values(id);
    if (values.isEmpty()) {
      return missing(id);
    }
    List<ConfXml.Configuration> all =
        values.get().entrySet().stream()
            .map(
                one ->
                    new ConfXml.Configuration(
                        one.getKey(), one.getValue(), definitions.find(one.getKey()), false))
            .toList();
    return Answers.text(ConfXml.configurations(all, snapshots::isSecret));
  }

  private Reply missing(long id) {
    return Reply.error(
        404,
        "snapshot ["
            + id
            + "] is not here; there are "
            + snapshots.list().stream().map(Snapshot::id).toList());
  }

  private Reply rollback(Optional<String> which) throws IOException {
    long id;
    if (which.isPresent()) {
      id = id(which.get());
      if (snapshots.list().stream().noneMatch(one -> one.id() == id)) {
        return missing(id);
      }
    } else {
      long now = snapshots.take("before a rollback by " + APP).id();
      Optional<Long> before =
          snapshots.list().stream().map(Snapshot::id).filter(one -> one != now).findFirst();
      if (before.isEmpty()) {
        return Reply.error(404, "there is no snapshot before the newest, [" + now + "]");
      }
      id = before.get();
    }
    String why = APP + ": back to " + id;
    Set<String> differing = differing(id);
    for (String pid : differing) {
      if (isLocal(pid)) {
        throw local(pid);
      }
    }
    if (guard.concerns(differing)) {
      guard.arm(why);
    }
    snapshots.rollback(id, why);
    return Answers.text(ConfXml.snapshotIds(List.of(id)));
  }

  /** PIDs whose values are not those of a snapshot. */
  private Set<String> differing(long id) throws IOException {
    Map<String, Map<String, Object>> then = snapshots.values(id).orElse(Map.of());
    Map<String, Map<String, Object>> now =
        snapshots.values(snapshots.take("before a rollback by " + APP).id()).orElse(Map.of());
    Set<String> pids = new TreeSet<>(then.keySet());
    pids.addAll(now.keySet());
    pids.removeIf(pid -> Objects.deepEquals(then.get(pid), now.get(pid)));
    return pids;
  }

  private static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "snapshot [" + text + "] must be a number, as GET snapshots tells them", e);
    }
  }
}
