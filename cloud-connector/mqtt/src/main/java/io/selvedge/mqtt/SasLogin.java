package io.selvedge.mqtt;

import io.selvedge.mqtt.client.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * With a shared access signature (SAS), made from the device's key for a limited time: the HMAC
 * (SHA-256) of the device's address and the time at which it runs out.
 *
 * @param user name at the broker; empty: as Azure IoT Hub wants it
 * @param device id at the hub
 * @param key of the device, in Base64; empty: a client certificate stands in for the signature
 * @param lifetime of a signature
 * @param clock says when it runs out
 */
record SasLogin(
    Optional<String> user, String device, Optional<Secret> key, Duration lifetime, Clock clock)
    implements Login {

  private static final String API_VERSION = "2021-04-12";
  private static final String HMAC = "HmacSHA256";

  @Override
  public Optional<Credentials> credentials(URI endpoint) throws IOException {
    String host = endpoint.getHost();
    String name = user.orElse(host + '/' + device + "/?api-version=" + API_VERSION);
    char[] password =
        key.isEmpty() ? new char[0] : signature(key.get(), host + "/devices/" + device);
    return Optional.of(new Credentials(name, password));
  }

  private char[] signature(Secret secret, String resource) throws IOException {
    String address = encode(resource);
    long expiry = clock.instant().plus(lifetime).getEpochSecond();
    try {
      byte[] bytes = Base64.getDecoder().decode(new String(secret.read()).strip());
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(bytes, HMAC));
      byte[] signed = mac.doFinal((address + '\n' + expiry).getBytes(StandardCharsets.UTF_8));
      String signature = encode(Base64.getEncoder().encodeToString(signed));
      return ("SharedAccessSignature sr=" + address + "&sig=" + signature + "&se=" + expiry)
          .toCharArray();
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException(
          "device key in password.file is no key in Base64; put the device's primary key into it",
          e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Four fifths of the lifetime leave time for a network that is away. */
  @Override
  public Optional<Duration> renewAfter() {
    return key.map(secret -> lifetime.multipliedBy(4).dividedBy(5));
  }

  @Override
  public String refused() {
    return "refuses the signature of device ["
        + device
        + "]; correct the key in password.file, and the clock, which says ["
        + clock.instant()
        + "]: a signature holds from there for ["
        + lifetime
        + "]";
  }
}
