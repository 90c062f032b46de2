package io.selvedge.hub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.security.Secrets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoredPasswordsTest {

  private volatile boolean answering = true;
  private volatile boolean told = true;
  private volatile Optional<String> hash = Optional.of(Secrets.hash("right"));

  private final StoredPasswords passwords =
      new StoredPasswords(
          gateway -> {
            if (!answering) {
              throw new IllegalStateException("away");
            }
            return hash;
          },
          () -> told);

  @Test
  void aGatewayThatSignedInBeforeMayDoSoWhileTheStoreIsAway() {
    assertThat(passwords.matches("gw", "right")).isTrue();
    assertThat(passwords.matches("gw", "wrong")).isFalse();
    answering = false;
    assertThat(passwords.matches("gw", "right")).isTrue();
    told = false;
    assertThat(passwords.matches("gw", "right")).isTrue();
    assertThat(passwords.matches("gw", "wrong")).isFalse();
    assertThat(passwords.matches("other", "right")).isFalse();
  }

  @Test
  void aVoidPasswordIsNotRemembered() {
    assertThat(passwords.matches("gw", "right")).isTrue();
    hash = Optional.empty();
    assertThat(passwords.matches("gw", "right")).isFalse();
    passwords.forget("gw");
    answering = false;
    assertThat(passwords.matches("gw", "right")).isFalse();
  }
}
