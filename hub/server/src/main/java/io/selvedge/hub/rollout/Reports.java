package io.selvedge.hub.rollout;

import io.selvedge.protocol.deployment.DeploymentException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What has become of the revisions that a rollout issued, as gateways and deployments tell. */
final class Reports {

  /**
   * What a gateway said last of the revision, or of a later one.
   *
   * @param revision which of them
   * @param live the revision that is live there
   * @param json all of it but the artifacts
   */
  record Report(long revision, long live, String state, String code, String message, String json) {}

  /**
   * The newest revision that the gateway shall run.
   *
   * @param begun whether it has heard of any from the target's revision on
   * @param refused why the gateway did not even take it; empty where it did
   */
  record Desired(long revision, boolean heard, boolean begun, Optional<String> refused) {}

  private static final String OLD_REVISION = DeploymentException.Code.OLD_REVISION.text();

  private static final String OPEN =
      " t.rollout = :id and (t.state in ('ISSUED', 'INSTALLING', 'TRIAL', 'TAKING_BACK')"
          + " or (t.state = 'FAILED' and t.code in ('rollout.lost', 'rollout.timeout')))";

  private final Map<String, Report> reports = new HashMap<>();
  private final Map<String, Desired> desired = new HashMap<>();

  private Reports() {}

  /** Of all gateways of the rollout whose outcome is not known. */
  static Reports read(Handle h, long id) {
    Reports read = new Reports();
    h.createQuery(
            "select r.* from deployment_reports r join rollout_targets t on t.gateway = r.gateway"
                + " and r.revision >= t.revision where"
                + OPEN
                + " order by r.revision")
        .bind("id", id)
        .map(
            (row, context) ->
                read.reports.put(
                    row.getString("gateway"),
                    new Report(
                        row.getLong("revision"),
                        row.getLong("live_revision"),
                        row.getString("state"),
                        row.getString("code"),
                        row.getString("message"),
                        row.getString("report"))))
        .list();
    h.createQuery(
            "select d.gateway, d.revision, d.delivery, d.delivery_message from deployments d"
                + " join rollout_targets t on t.gateway = d.gateway and d.revision >= t.revision"
                + " where"
                + OPEN
                + " order by d.revision")
        .bind("id", id)
        .map(
            (row, context) ->
                read.desired.put(
                    row.getString("gateway"),
                    new Desired(
                        row.getLong("revision"),
                        !row.getString("delivery").equals("ISSUED"),
                        !row.getString("delivery").equals("ISSUED")
                            || read.desired(row.getString("gateway"))
                                .filter(Desired::begun)
                                .isPresent(),
                        row.getString("delivery").equals("REFUSED")
                            ? Optional.of(row.getString("delivery_message"))
                            : Optional.empty())))
        .list();
    return read;
  }

  Optional<Report> report(String gateway) {
    return Optional.ofNullable(reports.get(gateway));
  }

  /** Whether what is live there is above all that this hub has listed for it. */
  boolean runsUnlisted(Target target) {
    long newest = desired(target.gateway()).map(Desired::revision).orElse(target.revision());
    return report(target.gateway())
        .filter(one -> one.live() > Math.max(newest, target.revision()))
        .isPresent();
  }

  /** Whether the gateway did not even take the target's revision, since it runs a later one. */
  boolean turnedAwayAsOld(Target target) {
    return target.state() == TargetState.ISSUED
        && report(target.gateway())
            .filter(one -> one.state().equals("REFUSED") && one.code().equals(OLD_REVISION))
            .isPresent();
  }

  Optional<Desired> desired(String gateway) {
    return Optional.ofNullable(desired.get(gateway));
  }
}
