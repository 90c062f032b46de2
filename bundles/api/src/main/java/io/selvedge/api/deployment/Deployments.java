package io.selvedge.api.deployment;

import org.osgi.annotation.versioning.ProviderType;

/** The gateway's deployment. Callable on any thread. */
@ProviderType
public interface Deployments {

  DeploymentStatus status();
}
