package io.selvedge.api.deployment;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the gateway knows of its deployment.
 *
 * @param revision the live one; 0 where there was none yet
 * @param state of the newest that came
 * @param newest revision of the newest that came
 * @param code why the newest was refused; empty where it was not
 * @param message the same for people
 * @param artifacts what is live
 * @param since when the state began
 */
public record DeploymentStatus(
    long revision,
    State state,
    long newest,
    String code,
    String message,
    List<Artifact> artifacts,
    Instant since) {

  /** What becomes of a deployment. Names are stable: they go over the wire. */
  public enum State {
    NONE,
    FETCHING,
    VERIFYING,
    ACTIVE,
    REFUSED
  }

  public DeploymentStatus {
    Objects.requireNonNull(state, "state must not be null");
    artifacts = List.copyOf(artifacts);
  }
}
