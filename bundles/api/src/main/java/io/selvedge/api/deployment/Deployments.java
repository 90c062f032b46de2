package io.selvedge.api.deployment;

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
}
