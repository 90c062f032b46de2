package io.selvedge.api.uplink;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of the connection to the hub. Register it as a service; the uplink finds it. */
@ConsumerType
@FunctionalInterface
public interface UplinkListener {

  /**
   * The connection is up: subscribed, births sent, {@link Uplink#request} works. Called once for
   * each connection, and once on registration where the connection is up already. Called on a
   * thread of the uplink; must not block: hand over and return.
   */
  void connected();
}
