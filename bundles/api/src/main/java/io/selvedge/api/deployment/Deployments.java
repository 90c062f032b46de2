package io.selvedge.api.deployment;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The gateway's deployment. Callable on any thread. */
@ProviderType
public interface Deployments {

  DeploymentStatus status();

  /** The store of its files, as of the last time that it was cleared up. */
  default Optional<StoreFigures> store() {
    return Optional.empty();
  }

  /** What became of deployments, newest first; over restarts. */
  default List<Past> history() {
    return List.of();
  }

  /**
   * What the trial in the status must keep, by the names that documents have: {@code
   * max_error_rate}; {@code rows} and {@code seconds} end it. Empty where it has none.
   */
  default Map<String, Double> limits() {
    return Map.of();
  }

  /** Whose signatures count. */
  default List<Key> keys() {
    return List.of();
  }

  /**
   * A deployment entered a state.
   *
   * @param code why it was refused or taken back; empty where it was not
   * @param message the same for people
   */
  record Past(
      long revision, DeploymentStatus.State state, Instant time, String code, String message) {}

  /**
   * A trusted key.
   *
   * @param id first 16 hexadecimal digits of the SHA-256 of its X.509 form
   * @param file where it lies, in {@code conf/trust}
   */
  record Key(String id, String file) {}
}
