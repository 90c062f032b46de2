package io.selvedge.hub.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Rows;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Rollouts in the database. What takes a handle is part of the caller's transaction, which holds
 * the rollout's row: whoever does is alone with that rollout, among all hubs. Thread-safe.
 */
public final class RolloutStore {

  private static final String TARGETS =
      "select t.*, g.state as gateway_state, g.state_since as gateway_since from rollout_targets t"
          + " left join gateways g on g.id = t.gateway where t.rollout = :id";

  private final Database database;
  private final Jdbi jdbi;

  public RolloutStore(Database database) {
    this.database = database;
    this.jdbi = database.jdbi();
  }

  Jdbi jdbi() {
    return jdbi;
  }

  /** What was committed outlives a power cut when this returns. */
  void sync() {
    database.sync();
  }

  public Optional<Rollout> find(long id) {
    return jdbi.withHandle(h -> find(h, id, ""));
  }

  /** The newest first; those with an id below the given one, at most so many. */
  public List<Rollout> list(Optional<RolloutState> state, long before, int most) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select * from rollouts where id < :before and (:state = '' or state = :state)"
                        + " order by id desc limit :most")
                .bind("before", before)
                .bind("state", state.map(RolloutState::name).orElse(""))
                .bind("most", most)
                .map((row, context) -> rollout(row))
                .list());
  }

  public List<Group> groups(long id) {
    return jdbi.withHandle(h -> groups(h, id));
  }

  /** By group, then by gateway. */
  public List<Target> targets(long id) {
    return jdbi.withHandle(h -> targets(h, id));
  }

  /** Those with an id above the given one, oldest first, at most so many. */
  public List<RolloutEvent> events(long id, long after, int most) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select * from rollout_events where rollout = :id and id > :after"
                        + " order by id limit :most")
                .bind("id", id)
                .bind("after", after)
                .bind("most", most)
                .map(
                    (row, context) ->
                        new RolloutEvent(
                            row.getLong("id"),
                            Rows.time(row, "at"),
                            row.getString("who"),
                            row.getString("subject"),
                            row.getString("from_state"),
                            row.getString("to_state"),
                            row.getString("why")))
                .list());
  }

  /** Of each rollout how many gateways are in which state. */
  public Map<TargetState, Integer> counts(long id) {
    Map<TargetState, Integer> counts = new LinkedHashMap<>();
    for (TargetState state : TargetState.values()) {
      counts.put(state, 0);
    }
    jdbi.useHandle(
        h ->
            h.createQuery(
                    "select state, count(*) as many from rollout_targets where rollout = :id"
                        + " group by state")
                .bind("id", id)
                .map(
                    (row, context) ->
                        Map.entry(TargetState.valueOf(row.getString("state")), row.getInt("many")))
                .forEach(one -> counts.put(one.getKey(), one.getValue())));
    return counts;
  }

  /**
   * Those that there is something to do for, oldest first.
   *
   * @param ended also those that have ended, whose gateways may still catch up or join
   */
  List<Long> attended(boolean ended) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select id from rollouts where attended = true"
                        + " and (:ended = true or state not in ('FINISHED', 'STOPPED'))"
                        + " order by id")
                .bind("ended", ended)
                .mapTo(Long.class)
                .list());
  }

  /** Those that were asked for after it, oldest first. */
  static List<Rollout> after(Handle h, long id) {
    return h.createQuery("select * from rollouts where id > :id order by id")
        .bind("id", id)
        .map((row, context) -> rollout(row))
        .list();
  }

  /** Nobody else asks for a rollout until the transaction ends. */
  static void lockAll(Handle h) {
    h.createQuery("select name from locks where name = 'rollouts' for update")
        .mapTo(String.class)
        .one();
  }

  /** Those that may still issue something in their groups' turns. */
  static List<Rollout> open(Handle h) {
    return h.createQuery(
            "select * from rollouts where state not in ('FINISHED', 'STOPPED') order by id")
        .map((row, context) -> rollout(row))
        .list();
  }

  static boolean isTarget(Handle h, long id, String gateway) {
    return h.createQuery(
                "select count(*) from rollout_targets where rollout = :id and gateway = :gateway")
            .bind("id", id)
            .bind("gateway", gateway)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  /** Alone with it until the transaction ends. */
  static Optional<Rollout> lock(Handle h, long id) {
    return find(h, id, " for update");
  }

  private static Optional<Rollout> find(Handle h, long id, String lock) {
    return h.createQuery("select * from rollouts where id = :id" + lock)
        .bind("id", id)
        .map((row, context) -> rollout(row))
        .findOne();
  }

  static long insert(
      Handle h, String name, RolloutPlan plan, String by, Optional<Instant> startAt, Instant now) {
    return h.createUpdate(
            "insert into rollouts (name, state, since, plan, created_at, created_by, start_at)"
                + " values (:name, :state, :now, :plan, :now, :by, :start)")
        .bind("name", name)
        .bind("state", RolloutState.CREATING.name())
        .bind("now", now)
        .bind("plan", PlanJson.json(plan).toString())
        .bind("by", by)
        .bind("start", startAt)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  static void update(Handle h, long id, RolloutState state, Instant now) {
    h.createUpdate("update rollouts set state = :state, since = :now where id = :id")
        .bind("state", state.name())
        .bind("now", now)
        .bind("id", id)
        .execute();
  }

  static void start(Handle h, long id, Instant at) {
    h.createUpdate("update rollouts set start_at = :at where id = :id")
        .bind("at", at)
        .bind("id", id)
        .execute();
  }

  static void takeBack(Handle h, long id, boolean wanted) {
    h.createUpdate("update rollouts set take_back = :wanted where id = :id")
        .bind("wanted", wanted)
        .bind("id", id)
        .execute();
  }

  static void attend(Handle h, long id, boolean attended) {
    h.createUpdate("update rollouts set attended = :attended where id = :id")
        .bind("attended", attended)
        .bind("id", id)
        .execute();
  }

  static List<Group> groups(Handle h, long id) {
    return h.createQuery("select * from rollout_groups where rollout = :id order by number")
        .bind("id", id)
        .map(
            (row, context) ->
                new Group(
                    row.getInt("number"),
                    row.getString("name"),
                    GroupState.valueOf(row.getString("state")),
                    Rows.time(row, "since")))
        .list();
  }

  static void insert(Handle h, long id, Group group) {
    h.createUpdate(
            "insert into rollout_groups (rollout, number, name, state, since)"
                + " values (:id, :number, :name, :state, :since)")
        .bind("id", id)
        .bind("number", group.number())
        .bind("name", group.name())
        .bind("state", group.state().name())
        .bind("since", group.since())
        .execute();
  }

  static void update(Handle h, long id, int group, GroupState state, Instant now) {
    h.createUpdate(
            "update rollout_groups set state = :state, since = :now"
                + " where rollout = :id and number = :group")
        .bind("state", state.name())
        .bind("now", now)
        .bind("id", id)
        .bind("group", group)
        .execute();
  }

  static List<Target> targets(Handle h, long id) {
    return h.createQuery(TARGETS + " order by t.group_number, t.gateway")
        .bind("id", id)
        .map((row, context) -> target(row))
        .list();
  }

  static Optional<Target> target(Handle h, long id, String gateway) {
    return h.createQuery(TARGETS + " and t.gateway = :gateway")
        .bind("id", id)
        .bind("gateway", gateway)
        .map((row, context) -> target(row))
        .findOne();
  }

  static void insertTargets(Handle h, long id, int group, List<String> gateways, Instant now) {
    if (gateways.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        h.prepareBatch(
            "insert into rollout_targets (rollout, gateway, group_number, state, since)"
                + " values (?, ?, ?, ?, ?)");
    for (String gateway : gateways) {
      batch
          .bind(0, id)
          .bind(1, gateway)
          .bind(2, group)
          .bind(3, TargetState.SCHEDULED.name())
          .bind(4, now)
          .add();
    }
    batch.execute();
  }

  static void update(Handle h, long id, Target target) {
    h.createUpdate(
            "update rollout_targets set state = :state, group_number = :group, since = :since, revision = :revision,"
                + " issued_at = :issued, former = :former, code = :code, message = :message,"
                + " report = :report, accepted = :accepted"
                + " where rollout = :id and gateway = :gateway")
        .bind("state", target.state().name())
        .bind("group", target.group())
        .bind("since", target.since())
        .bind("revision", target.revision())
        .bind("issued", target.issued())
        .bind("former", DeploymentDocument.toJson(target.former()).toString())
        .bind("code", target.code())
        .bind("message", target.message())
        .bind("report", target.report())
        .bind("accepted", target.accepted())
        .bind("id", id)
        .bind("gateway", target.gateway())
        .execute();
  }

  /** Records a transition. */
  static void record(
      Handle h,
      long id,
      Instant at,
      String who,
      String subject,
      String from,
      String to,
      String why) {
    h.createUpdate(
            "insert into rollout_events (rollout, at, who, subject, from_state, to_state, why)"
                + " values (:id, :at, :who, :subject, :from, :to, :why)")
        .bind("id", id)
        .bind("at", at)
        .bind("who", who)
        .bind("subject", subject)
        .bind("from", from)
        .bind("to", to)
        .bind("why", why)
        .execute();
  }

  private static Rollout rollout(ResultSet row) throws SQLException {
    return new Rollout(
        row.getLong("id"),
        row.getString("name"),
        RolloutState.valueOf(row.getString("state")),
        Rows.time(row, "since"),
        PlanJson.stored(row.getString("plan")),
        Rows.time(row, "created_at"),
        row.getString("created_by"),
        Rows.optionalTime(row, "start_at"),
        row.getBoolean("take_back"));
  }

  private static Target target(ResultSet row) throws SQLException {
    Optional<String> presence = Rows.optionalText(row, "gateway_state");
    boolean there = presence.equals(Optional.of(Gateway.State.ONLINE.name()));
    return new Target(
        row.getString("gateway"),
        row.getInt("group_number"),
        TargetState.valueOf(row.getString("state")),
        Rows.time(row, "since"),
        row.getLong("revision"),
        Rows.optionalTime(row, "issued_at"),
        artifacts(row.getString("former")),
        row.getString("code"),
        row.getString("message"),
        row.getString("report"),
        row.getBoolean("accepted"),
        there
            ? Optional.empty()
            : Optional.of(Rows.optionalTime(row, "gateway_since").orElse(Instant.EPOCH)));
  }

  private static List<Artifact> artifacts(String json) {
    String object = "{\"artifacts\":" + json + "}";
    return new ArrayList<>(
        DeploymentDocument.artifacts(
            Fields.parse("former", object.getBytes(StandardCharsets.UTF_8))));
  }

  /** What a gateway said of its trial; not an object where it had none. */
  static JsonNode trial(String report) {
    return part(report, "trial");
  }

  /** A part of what a gateway said last. */
  public static JsonNode part(String report, String name) {
    try {
      return Json.mapper().readTree(report).path(name);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored report is not readable as JSON", e);
    }
  }
}
