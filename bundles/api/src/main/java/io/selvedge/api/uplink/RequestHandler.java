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
   * longer. An {@link IllegalArgumentException} becomes a reply with code 400 and its message, any
   * other exception one with code 500.
   */
  Reply handle(Request request);

  /**
   * The same, for a handler whose work goes on after its reply: it keeps the notifier and tells the
   * requester how it goes. This is the method that is called.
   */
  default Reply handle(Request request, Notifier notifier) {
    return handle(request);
  }
}
