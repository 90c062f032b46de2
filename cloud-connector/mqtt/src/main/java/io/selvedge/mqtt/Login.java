package io.selvedge.mqtt;

import io.selvedge.mqtt.client.Credentials;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How the gateway signs in; asked for every connection, so that what is new needs no restart. */
interface Login {

  /** Signs in without user and password: with a client certificate, or not at all. */
  Login NONE =
      new Login() {
        @Override
        public Optional<Credentials> credentials(URI endpoint) {
          return Optional.empty();
        }

        @Override
        public String refused() {
          return "does not let this gateway in; set user and password.file, or the client"
              + " certificate that it expects, in io.selvedge.mqtt.cfg";
        }
      };

  /**
   * User and password; empty where none are sent.
   *
   * @throws IOException where they cannot be had; the message says why and what to do
   */
  Optional<Credentials> credentials(URI endpoint) throws IOException;

  /** After so long the connection is made anew, before what it was made with runs out. */
  default Optional<Duration> renewAfter() {
    return Optional.empty();
  }

  /** What to say, and to do, where the broker does not let it in. */
  String refused();
}
