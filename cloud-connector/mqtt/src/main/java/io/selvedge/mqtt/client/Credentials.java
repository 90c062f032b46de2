package io.selvedge.mqtt.client;

/**
 * How a client signs in.
 *
 * @param user name of the user
 * @param password its password; the array is the caller's and is not changed
 */
public record Credentials(String user, char[] password) {

  /** Without the password, since this may come into a log. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
