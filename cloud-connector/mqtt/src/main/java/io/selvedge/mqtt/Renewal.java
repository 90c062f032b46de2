package io.selvedge.mqtt;

import io.selvedge.mqtt.client.ConnectionException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Says when a connection that works is to be made anew: before its signature runs out, when the
 * certificate on disk is another one, or when the first broker is back. Warns of a certificate that
 * runs out. On the uplink's thread.
 */
final class Renewal {

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int FILES_EVERY = 5;

  private final Settings settings;
  private final Clock clock;
  private final Consumer<String> warn;
  private final Preferred preferred;
  private String warned = "";
  private long since;
  private long lookedAt;
  private int looks;

  /**
   * @param warn hears of a certificate that runs out
   */
  Renewal(Settings settings, Clock clock, Preferred preferred, Consumer<String> warn) {
    this.settings = settings;
    this.clock = clock;
    this.preferred = preferred;
    this.warn = warn;
  }

  /** A connection has been made. */
  void begin(Session session) {
    since = System.nanoTime();
    lookedAt = since;
    preferred.begin(session.endpoint());
    session.clientCertificate().ifPresent(this::warnOf);
  }

  /** Why the connection is to be made anew; empty while it is not. Cheap between two looks. */
  Optional<String> due(Session session) {
    long now = System.nanoTime();
    if (now - lookedAt < LOOK.toNanos()) {
      return Optional.empty();
    }
    lookedAt = now;
    Optional<Duration> lifetime = settings.login().renewAfter();
    if (lifetime.isPresent() && now - since > lifetime.get().toNanos()) {
      return Optional.of("its signature would run out");
    }
    looks++;
    if (looks % FILES_EVERY == 0 && certificateChanged(session)) {
      return Optional.of("there is another client certificate");
    }
    return preferred.isBack()
        ? Optional.of("broker [" + preferred.endpoint() + "] is preferred and is back")
        : Optional.empty();
  }

  /** A certificate without its key is not looked at: the other file is still on its way. */
  private boolean certificateChanged(Session session) {
    Optional<X509Certificate> inUse = session.clientCertificate();
    if (inUse.isEmpty()) {
      return false;
    }
    warnOf(inUse.get());
    try {
      Optional<X509Certificate> onDisk = settings.tls().clientCertificate();
      return onDisk.isPresent()
          && !onDisk.get().equals(inUse.get())
          && onDisk.get().getNotAfter().toInstant().isAfter(clock.instant());
    } catch (ConnectionException e) {
      return false;
    }
  }

  private void warnOf(X509Certificate certificate) {
    String number = certificate.getSerialNumber().toString(16);
    Duration left = Duration.between(clock.instant(), certificate.getNotAfter().toInstant());
    if (left.compareTo(settings.certificateWarning()) < 0 && !warned.equals(number)) {
      warned = number;
      warn.accept(
          "Client certificate ["
              + settings.tls().identity().map(files -> files.certificate().toString()).orElse("")
              + "] runs out at ["
              + certificate.getNotAfter().toInstant()
              + "]; put a renewed one and its key there, they are taken without a restart");
    }
  }
}
