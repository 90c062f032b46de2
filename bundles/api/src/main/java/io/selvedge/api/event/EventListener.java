package io.selvedge.api.event;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears every event. Register it as a service. Called on the thread that reports; must not block.
 */
@ConsumerType
@FunctionalInterface
public interface EventListener {

  void reported(Event event);
}
