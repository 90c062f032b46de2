package io.selvedge.api.flow;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears every decision. Register it as a service. Called on the flow's thread; must not block. */
@ConsumerType
@FunctionalInterface
public interface DecisionListener {

  void decided(Decision decision);
}
