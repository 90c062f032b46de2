package io.selvedge.hub.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.Records.Delivered;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Stores what gateways send: a batch in one transaction, each message once. Meant for one ingesting
 * thread; several hubs may do so on one database.
 */
public final class ArrivalStore {

  /** Applications that have tables of their own; what is of others is kept as it came. */
  public static final Set<String> KNOWN_APPS =
      Set.of("DATA-V1", "DECISION-V1", "EVENT-V1", "TWIN-V1");

  private static final String UNIT = "unit.";

  private final Database database;
  private final Jdbi jdbi;
  private final Names names;

  public ArrivalStore(Database database) {
    this.database = database;
    this.jdbi = database.jdbi();
    this.names = new Names(jdbi);
  }

  /** All of them, on disk, or none; none where it throws. */
  public void store(List<Arrival> batch) {
    List<Numbered> numbered = new ArrayList<>();
    for (Arrival arrival : batch) {
      if (arrival instanceof Arrival.Data data) {
        numbered.add(numbered(data));
      }
    }
    numbered.sort(Numbered.ORDER);
    jdbi.useTransaction(
        h -> {
          Tally tally = new Tally();
          ensureGateways(h, batch);
          List<Numbered> fresh = Identities.insert(h, numbered);
          tally.arrived(numbered, fresh);
          insertMeasurements(h, fresh);
          insertDecisions(h, fresh);
          insertEvents(h, fresh);
          updateReported(h, fresh);
          insertOthers(h, fresh);
          count(h, fresh);
          live(h, batch);
          for (Arrival arrival : batch) {
            if (arrival instanceof Arrival.Dead dead) {
              bury(h, dead);
              tally.refused(dead.gateway(), dead.app());
            }
          }
          see(h, batch);
          tally.write(h);
        });
    database.sync();
  }

  private Numbered numbered(Arrival.Data data) {
    Delivered delivered = data.delivered();
    int outbox = names.number(new Names.Outbox(delivered.gateway(), delivered.outboxId()));
    return new Numbered(names.nextMessage(), outbox, data);
  }

  /** What gateways tell of themselves, theirs in the order in which it came. */
  private static void live(Handle h, List<Arrival> batch) {
    batch.stream()
        .filter(Arrival.Life.class::isInstance)
        .map(Arrival.Life.class::cast)
        .sorted(Comparator.comparing(Arrival.Life::gateway))
        .forEach(life -> live(h, life));
  }

  private static void ensureGateways(Handle h, List<Arrival> batch) {
    for (Map.Entry<String, Instant> one : seen(batch).entrySet()) {
      h.createUpdate(
              "insert into gateways (id, state, state_since) values (:id, :state, :now)"
                  + " on conflict do nothing")
          .bind("id", one.getKey())
          .bind("state", Gateway.State.NEW.name())
          .bind("now", one.getValue())
          .execute();
    }
  }

  /**
   * To the second, and last in the transaction: two hubs hold each other's rows but for a moment.
   */
  private static void see(Handle h, List<Arrival> batch) {
    for (Map.Entry<String, Instant> one : seen(batch).entrySet()) {
      h.createUpdate(
              "update gateways set last_seen = :now"
                  + " where id = :id and (last_seen is null or last_seen < :before)")
          .bind("id", one.getKey())
          .bind("now", one.getValue())
          .bind("before", one.getValue().minusSeconds(1))
          .execute();
    }
  }

  /** In one order, so that two hubs do not deadlock. */
  private static Map<String, Instant> seen(List<Arrival> batch) {
    Map<String, Instant> seen = new TreeMap<>();
    for (Arrival arrival : batch) {
      String gateway = gateway(arrival);
      if (!gateway.isEmpty()) {
        seen.put(gateway, arrival.received());
      }
    }
    return seen;
  }

  private static String gateway(Arrival arrival) {
    if (arrival instanceof Arrival.Data data) {
      return data.delivered().gateway();
    }
    return arrival instanceof Arrival.Life life ? life.gateway() : "";
  }

  private static void count(Handle h, List<Numbered> fresh) {
    Ledger.Batch batch = new Ledger.Batch();
    for (Numbered one : fresh) {
      batch.stored(one.delivered(), one.hasRecord() ? one.outbox() : 0, one.data().bytes());
    }
    batch.write(h);
  }

  private void insertMeasurements(Handle h, List<Numbered> fresh) {
    PreparedBatch batch =
        h.prepareBatch(
            "insert into measurements (message, series, time, decimal_value, whole_value,"
                + " flag_value, text_value, missing) values (?, ?, ?, ?, ?, ?, ?, ?)");
    for (Numbered one : fresh) {
      if (one.of("DATA-V1")) {
        for (Map.Entry<String, Value> entry : one.message().metrics().entrySet()) {
          measurement(h, batch, one, entry.getKey(), entry.getValue());
        }
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private void measurement(
      Handle h, PreparedBatch batch, Numbered one, String channel, Value value) {
    String gateway = one.delivered().gateway();
    String device = one.message().resource();
    if (channel.startsWith(UNIT)) {
      h.createUpdate("update series set unit = :unit where id = :id")
          .bind("unit", value.display())
          .bind(
              "id",
              names.number(new Names.Series(gateway, device, channel.substring(UNIT.length()))))
          .execute();
      return;
    }
    batch
        .bind(0, one.id())
        .bind(1, names.number(new Names.Series(gateway, device, channel)))
        .bind(2, one.message().time())
        .bindNull(3, java.sql.Types.DOUBLE)
        .bindNull(4, java.sql.Types.BIGINT)
        .bindNull(5, java.sql.Types.BOOLEAN)
        .bindNull(6, java.sql.Types.VARCHAR)
        .bindNull(7, java.sql.Types.VARCHAR);
    PreparedBatch unused =
        value.match(
            d -> batch.bind(3, d.value()),
            w -> batch.bind(4, w.value()),
            f -> batch.bind(5, f.value()),
            t -> batch.bind(6, t.value()),
            m -> batch.bind(7, m.reason().name() + ": " + m.detail()));
    batch.add();
  }

  private static void insertDecisions(Handle h, List<Numbered> fresh) {
    for (Numbered one : fresh) {
      if (one.of("DECISION-V1")) {
        h.createUpdate(
                "insert into decisions (message, gateway, flow, time, body)"
                    + " values (:message, :gateway, :flow, :time, :body)")
            .bind("message", one.id())
            .bind("gateway", one.delivered().gateway())
            .bind("flow", one.message().resource())
            .bind("time", one.message().time())
            .bind("body", body(one))
            .execute();
      }
    }
  }

  private static void insertEvents(Handle h, List<Numbered> fresh) {
    for (Numbered one : fresh) {
      if (one.of("EVENT-V1")) {
        h.createUpdate(
                "insert into events (message, gateway, time, severity, source, code, message_text)"
                    + " values (:message, :gateway, :time, :severity, :source, :code, :text)")
            .bind("message", one.id())
            .bind("gateway", one.delivered().gateway())
            .bind("time", one.message().time())
            .bind("severity", text(one, "severity"))
            .bind("source", text(one, "source"))
            .bind("code", one.message().resource())
            .bind("text", text(one, "message"))
            .execute();
      }
    }
  }

  private static void updateReported(Handle h, List<Numbered> fresh) {
    for (Numbered one : fresh) {
      if (one.of("TWIN-V1") && one.message().resource().equals("reported")) {
        ReportOrder order = ReportOrder.of(one);
        StrayReport.parse(one.message().body())
            .ifPresent(stray -> stray.store(h, one.delivered().gateway()));
        boolean overtaken =
            DeploymentReport.parse(one.message().body())
                .filter(r -> !r.store(h, one.delivered().gateway(), order))
                .isPresent();
        if (!overtaken) {
          order
              .bind(
                  h.createUpdate(
                      "update gateways set reported = :reported, "
                          + ReportOrder.SET
                          + " where id = :id and "
                          + ReportOrder.newer("true")))
              .bind("reported", body(one))
              .bind("id", one.delivered().gateway())
              .execute();
        }
      }
    }
  }

  private static void insertOthers(Handle h, List<Numbered> fresh) {
    for (Numbered one : fresh) {
      if (!KNOWN_APPS.contains(one.message().app())) {
        h.createUpdate(
                "insert into other_messages (message, gateway, app, resource, time, metrics, body)"
                    + " values (:message, :gateway, :app, :resource, :time, :metrics, :body)")
            .bind("message", one.id())
            .bind("gateway", one.delivered().gateway())
            .bind("app", one.message().app())
            .bind("resource", one.message().resource())
            .bind("time", one.message().time())
            .bind("metrics", metrics(one.message()))
            .bind("body", one.message().body())
            .execute();
      }
    }
  }

  /** Numbers, true, false and text as they are; what is missing as {@code missing.NAME}. */
  private static String metrics(Message message) {
    ObjectNode json = Json.mapper().createObjectNode();
    new TreeMap<>(message.metrics())
        .forEach(
            (name, value) ->
                json.setAll(
                    Map.of(
                        value.present() ? name : "missing." + name,
                        value.<JsonNode>match(
                            d -> DoubleNode.valueOf(d.value()),
                            w -> LongNode.valueOf(w.value()),
                            f -> BooleanNode.valueOf(f.value()),
                            t -> TextNode.valueOf(t.value()),
                            m -> TextNode.valueOf(m.display())))));
    return json.toString();
  }

  private static void live(Handle h, Arrival.Life life) {
    Lifecycle known =
        h.createQuery(
                "select state, state_since, connection_time, ended_connection from gateways"
                    + " where id = :id for update")
            .bind("id", life.gateway())
            .map(
                (row, context) ->
                    new Lifecycle(
                        Gateway.State.valueOf(row.getString("state")),
                        Rows.time(row, "state_since"),
                        Rows.optionalTime(row, "connection_time"),
                        Rows.optionalTime(row, "ended_connection")))
            .one();
    Lifecycle now = known.after(life);
    if (!now.equals(known)) {
      h.createUpdate(
              "update gateways set state = :state, state_since = :since,"
                  + " connection_time = :connection, ended_connection = :ended where id = :id")
          .bind("state", now.state().name())
          .bind("since", now.since())
          .bind("connection", now.connection())
          .bind("ended", now.ended())
          .bind("id", life.gateway())
          .execute();
    }
    boolean tells = life.stage() == Stage.BIRTH || life.stage() == Stage.APPS;
    if (tells && known.counts(life)) {
      h.createUpdate("update gateways set birth = :birth, born_at = :now where id = :id")
          .bind("birth", Json.text(new TreeMap<>(life.metrics())))
          .bind("now", life.received())
          .bind("id", life.gateway())
          .execute();
    }
  }

  private static void bury(Handle h, Arrival.Dead dead) {
    h.createUpdate(
            "insert into dead_letters (topic, received_at, code, reason, payload)"
                + " values (:topic, :received, :code, :reason, :payload)")
        .bind("topic", dead.topic())
        .bind("received", dead.received())
        .bind("code", dead.code())
        .bind("reason", dead.reason())
        .bind("payload", dead.payload())
        .execute();
  }

  private static String body(Numbered one) {
    return new String(one.message().body(), StandardCharsets.UTF_8);
  }

  private static String text(Numbered one, String metric) {
    Value value = one.message().metrics().get(metric);
    return value == null ? "" : value.display();
  }
}
