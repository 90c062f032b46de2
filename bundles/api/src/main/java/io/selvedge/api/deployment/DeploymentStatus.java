package io.selvedge.api.deployment;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the gateway knows of its deployment.
 *
 * @param revision the live one; 0 where there was none yet
 * @param state of the newest that came
 * @param newest revision of the newest that came
 * @param code why the newest was refused or taken back; empty where it was not
 * @param message the same for people
 * @param artifacts what is live
 * @param since when the state began
 * @param progress how much of the newest is here
 * @param trial how the newest does, or did, in its trial; empty where it has none
 */
public record DeploymentStatus(
    long revision,
    State state,
    long newest,
    String code,
    String message,
    List<Artifact> artifacts,
    Instant since,
    Progress progress,
    Optional<TrialStatus> trial) {

  /** What becomes of a deployment. Names are stable: they go over the wire. */
  public enum State {
    NONE,
    FETCHING,
    VERIFYING,
    /** Its models run beside the live ones and decide nothing. */
    SHADOW,
    /** It is live and has to prove itself. */
    TRIAL,
    /** It is live for good: the last good one. */
    ACTIVE,
    /** It never was live. */
    REFUSED,
    /** It was live, did worse and was taken back. */
    REVERTED
  }

  /**
   * Bytes of the newest deployment's files.
   *
   * @param done here and verified, or here already before it came
   * @param total all of them
   * @param refetched fetched more than once, because what came first was lost or damaged
   */
  public record Progress(long done, long total, long refetched) {

    /** Nothing is to be fetched. */
    public static final Progress NONE = new Progress(0, 0, 0);
  }

  public DeploymentStatus {
    Objects.requireNonNull(state, "state must not be null");
    Objects.requireNonNull(progress, "progress must not be null");
    Objects.requireNonNull(trial, "trial must not be null; give an empty one");
    artifacts = List.copyOf(artifacts);
  }
}
