package io.selvedge.hub.link;

/**
 * How a client reaches a broker.
 *
 * @param uri {@code tcp://host:1883} or {@code ssl://host:8883}
 * @param user name for signing in; empty: none
 * @param password never logged
 */
public record Endpoint(String uri, String user, String password) {

  @Override
  public String toString() {
    return user.isEmpty() ? uri : uri + " as " + user;
  }
}
