package io.selvedge.api.deployment;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes in artifacts of one kind: inference takes models, the flow engine takes flows. Register it
 * as a service with the property {@code artifact.kind}, for example {@code MODEL}. Called on the
 * deployment thread; files have been verified against their digests before.
 *
 * <p>What can be tried beside what is live, or be measured while it is live, overrides the methods
 * of a trial. They may be called more than once with the same artifact, after a restart for
 * example, and in any order.
 */
@ConsumerType
public interface ArtifactHandler {

  /**
   * Pre-flight: would it run? Loads, parses, compares golden vectors; changes nothing.
   *
   * @param directory holds the artifact's files by their paths
   * @throws ArtifactException it would not, and why; the last good one goes on
   */
  void check(Artifact artifact, Path directory) throws ArtifactException;

  /**
   * The same for kinds whose artifacts may need each other: bundles. Those that are live and stay
   * are asked for as well, since what they use may go.
   *
   * @param others what of this kind is to be live with it, each with its directory; it costs
   *     reading those that are not live yet. What is live and not named here goes
   */
  default void check(Artifact artifact, Path directory, Supplier<Map<Artifact, Path>> others)
      throws ArtifactException {
    check(artifact, directory);
  }

  /**
   * Switches to it, without a gap. Called after {@link #check}, and again at each start of the
   * gateway for what was live before.
   *
   * @throws ArtifactException it could not; the one before is still live
   */
  void activate(Artifact artifact, Path directory) throws ArtifactException;

  /**
   * The same for kinds whose artifacts may need each other.
   *
   * @param others what of this kind is to be live with it and is not yet, each with its directory;
   *     each is activated by itself, too, before or after this one
   */
  default void activate(Artifact artifact, Path directory, Supplier<Map<Artifact, Path>> others)
      throws ArtifactException {
    activate(artifact, directory);
  }

  /**
   * The deployment no longer has it. May be called for one that was never activated: after a switch
   * that was cut short nobody knows how far it came.
   */
  void retire(Artifact artifact);

  /**
   * Runs it beside the one that is live under its name, on the same inputs. It decides nothing and
   * delays nothing.
   *
   * @return whether it now runs so; false where this kind cannot, or nothing is live to run beside
   * @throws ArtifactException it cannot run at all
   */
  default boolean shadow(Artifact artifact, Path directory) throws ArtifactException {
    return false;
  }

  /**
   * It is live and on trial: from now on it is measured. Where the one before is given, that one
   * runs beside it and is compared with it.
   *
   * @param before the directory of the version that it took the place of
   */
  default void watch(Artifact artifact, Optional<Path> before) {}

  /**
   * What was measured since {@link #shadow} or {@link #watch}.
   *
   * @throws ArtifactException it cannot go on, and why: its trial has failed
   */
  default TrialFigures figures(Artifact artifact) throws ArtifactException {
    return TrialFigures.NONE;
  }

  /** Ends {@link #shadow} and {@link #watch} of the artifact; nothing where there is none. */
  default void endTrial(Artifact artifact) {}
}
