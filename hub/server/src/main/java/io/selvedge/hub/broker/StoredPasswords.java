package io.selvedge.hub.broker;

import io.selvedge.hub.security.Secrets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passwords whose hashes lie in the store. Those that were right once are remembered, so that known
 * gateways can sign in while the store does not answer. Thread-safe.
 */
public final class StoredPasswords implements GatewayPasswords {

  private static final Logger log = LoggerFactory.getLogger(StoredPasswords.class);

  private final Function<String, Optional<String>> hashes;
  private final BooleanSupplier answering;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /**
   * @param hashes asks the store; throws where it does not answer
   * @param answering false where it is known not to answer: it is not asked then
   */
  public StoredPasswords(Function<String, Optional<String>> hashes, BooleanSupplier answering) {
    this.hashes = hashes;
    this.answering = answering;
  }

  @Override
  public boolean matches(String gateway, String password) {
    Optional<String> hash = hash(gateway);
    boolean right = hash.map(one -> Secrets.matches(password, one)).orElse(false);
    if (right) {
      known.put(gateway, hash.orElseThrow());
    }
    return right;
  }

  private Optional<String> hash(String gateway) {
    if (answering.getAsBoolean()) {
      try {
        return hashes.apply(gateway);
      } catch (RuntimeException e) {
        log.debug("Store does not answer for the password of {}", gateway, e);
      }
    }
    return Optional.ofNullable(known.get(gateway));
  }

  /** Its password is void: it is not remembered any more. */
  public void forget(String gateway) {
    known.remove(gateway);
  }
}
