package io.selvedge.api.uplink;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers requests from the hub for one application. Register it as a service with the property
 * {@code app.id}, for example {@code TWIN-V1}.
 */
@ConsumerType
@FunctionalInterface
public interface RequestHandler {

  /**
   * Called on the downlink's thread, one request after the other; may block for a few seconds, no
   * longer. An exception becomes a reply with code 500.
   */
  Reply handle(Request request);
}
