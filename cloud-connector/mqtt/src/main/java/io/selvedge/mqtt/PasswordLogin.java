package io.selvedge.mqtt;

import io.selvedge.mqtt.client.Credentials;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * With a password as it is.
 *
 * @param user name at the broker
 * @param secret where the password is
 */
record PasswordLogin(String user, Secret secret) implements Login {

  @Override
  public Optional<Credentials> credentials(URI endpoint) throws IOException {
    return Optional.of(new Credentials(user, secret.read()));
  }

  @Override
  public String refused() {
    return "refuses user ["
        + user
        + "]; correct user in io.selvedge.mqtt.cfg and the password in its file";
  }
}
