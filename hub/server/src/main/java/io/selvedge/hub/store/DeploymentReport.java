package io.selvedge.hub.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What a gateway says of its newest deployment, out of its reported state. Of each revision the
 * newest is kept: the reported state itself tells only of one.
 *
 * @param revision the newest that came there
 * @param live the one that is live there
 * @param json the reported state without its artifacts
 * @param artifacts what is live there; empty where that cannot be read
 */
record DeploymentReport(
    long revision,
    long live,
    String state,
    String code,
    String message,
    String json,
    Optional<List<Artifact>> artifacts) {

  private static final int LONGEST_STATE = 16;
  private static final int LONGEST_CODE = 64;

  /** What is stored is not the end, or this one is. */
  private static final String OPEN =
      "(state not in ('ACTIVE', 'REFUSED', 'REVERTED')"
          + " or :state in ('ACTIVE', 'REFUSED', 'REVERTED'))";

  /** Empty where it tells of no deployment, or is not what the wire's description says. */
  static Optional<DeploymentReport> parse(byte[] reported) {
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(reported);
    } catch (IOException e) {
      return Optional.empty(); // kept as it came; nothing is concluded from it
    }
    JsonNode deployment = tree.path("deployment");
    long revision = deployment.path("newest").asLong();
    String state = deployment.path("state").asText();
    if (!(tree instanceof ObjectNode object)
        || revision < 1
        || state.isEmpty()
        || state.length() > LONGEST_STATE) {
      return Optional.empty();
    }
    Optional<List<Artifact>> artifacts = artifacts(reported);
    object.remove("artifacts");
    String code = deployment.path("code").asText();
    return Optional.of(
        new DeploymentReport(
            revision,
            deployment.path("revision").asLong(),
            state,
            code.length() > LONGEST_CODE ? code.substring(0, LONGEST_CODE) : code,
            deployment.path("message").asText(),
            object.toString(),
            artifacts));
  }

  private static Optional<List<Artifact>> artifacts(byte[] reported) {
    try {
      return Optional.of(DeploymentDocument.artifacts(Fields.parse("reported", reported)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the rest of it may be of use
    }
  }

  /**
   * Whether the gateway runs that revision for good, as it said last of it. It says REFUSED under
   * the revision that it runs, too: of a document that it turned away, one with an older revision
   * for example.
   */
  static boolean isProved(Handle h, String gateway, long revision) {
    return h.createQuery(
            "select state, live_revision, report from deployment_reports"
                + " where gateway = :gateway and revision = :revision")
        .bind("gateway", gateway)
        .bind("revision", revision)
        .map(
            (row, context) ->
                row.getString("state").equals("ACTIVE")
                    || (row.getString("state").equals("REFUSED")
                        && row.getLong("live_revision") >= revision
                        && !isOnTrial(row.getString("report"))))
        .findOne()
        .orElse(false);
  }

  private static boolean isOnTrial(String report) {
    try {
      JsonNode trial = Json.mapper().readTree(report).path("trial");
      return trial.path("phase").asText().equals("live")
          && trial.path("verdict").asText("-").isEmpty();
    } catch (IOException e) {
      throw new IllegalStateException("stored report is not readable as JSON", e);
    }
  }

  /**
   * Stores it unless a newer one of the revision is there. Of two of one millisecond without
   * numbers, which may come in any order where two hubs share the work, the one that ends it is the
   * newer.
   *
   * @return whether it was stored
   */
  boolean store(Handle h, String gateway, ReportOrder order) {
    h.createUpdate(
            "insert into deployment_reports (gateway, revision, live_revision, state, code,"
                + " message, report, reported_at) values (:gateway, :revision, 0, 'NONE', '', '',"
                + " '{}', :epoch) on conflict do nothing")
        .bind("gateway", gateway)
        .bind("revision", revision)
        .bind("epoch", Instant.EPOCH)
        .execute();
    artifacts.ifPresent(all -> HandedOver.list(h, gateway, live, all));
    return order
            .bind(
                h.createUpdate(
                    "update deployment_reports set live_revision = :live, state = :state,"
                        + " code = :code, message = :message, report = :report, "
                        + ReportOrder.SET
                        + " where gateway = :gateway and revision = :revision and "
                        + ReportOrder.newer(OPEN)))
            .bind("live", live)
            .bind("state", state)
            .bind("code", code)
            .bind("message", message)
            .bind("report", json)
            .bind("gateway", gateway)
            .bind("revision", revision)
            .execute()
        > 0;
  }
}
