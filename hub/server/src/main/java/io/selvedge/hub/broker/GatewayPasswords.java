package io.selvedge.hub.broker;

/** Says whether a gateway's password is right. Called by the broker's threads. */
@FunctionalInterface
public interface GatewayPasswords {

  boolean matches(String gateway, String password);
}
