package io.selvedge.hub.link;

import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Reply;

/** Hears what a gateway says to one request, on the thread {@code hub-requests}; must not block. */
@FunctionalInterface
public interface Asker {

  /** The reply. */
  void replied(Reply reply);

  /** How the work goes on that the request has begun; nothing more comes after a final status. */
  default void told(Notification notification) {}
}
