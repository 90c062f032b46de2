package io.selvedge.api.uplink;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The way back to whoever made one request, for what happens after the reply. It may be kept and
 * used later, on any thread; it does not block.
 */
@ProviderType
@FunctionalInterface
public interface Notifier {

  /**
   * Sends it at QoS 1. While there is no connection the newest are kept for a few minutes; it is
   * not durable: what must arrive goes through {@link Uplink#send}.
   */
  void send(Notification notification);
}
