package io.selvedge.api.deployment;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes in artifacts of one kind: inference takes models, the flow engine takes flows. Register it
 * as a service with the property {@code artifact.kind}, for example {@code MODEL}. Called on the
 * deployment thread; files have been verified against their digests before.
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
   * Switches to it, without a gap. Called after {@link #check}, and again at each start of the
   * gateway for what was live before.
   *
   * @throws ArtifactException it could not; the one before is still live
   */
  void activate(Artifact artifact, Path directory) throws ArtifactException;

  /**
   * The deployment no longer has it. May be called for one that was never activated: after a switch
   * that was cut short nobody knows how far it came.
   */
  void retire(Artifact artifact);
}
