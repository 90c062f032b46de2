package io.selvedge.hub.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.protocol.deployment.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityTest {

  @Test
  void aPasswordMatchesItsHashAndNoOther() {
    String password = Secrets.random();
    String hash = Secrets.hash(password);
    assertThat(hash).startsWith("pbkdf2-sha256$").doesNotContain(password);
    assertThat(Secrets.hash(password)).isNotEqualTo(hash); // salted
    assertThat(Secrets.matches(password, hash)).isTrue();
    assertThat(Secrets.matches(password + "x", hash)).isFalse();
    assertThat(Secrets.matches("", hash)).isFalse();
    assertThat(Secrets.matches(password, "plain$" + password)).isFalse();
  }

  @Test
  void theSigningKeyIsMadeOnce(@TempDir Path folder) throws Exception {
    KeyPair made = SigningKey.readOrCreate(folder);
    KeyPair read = SigningKey.readOrCreate(folder);
    assertThat(Keys.id(read.getPublic())).isEqualTo(Keys.id(made.getPublic()));
    assertThat(read.getPrivate()).isEqualTo(made.getPrivate());
  }

  @Test
  void halfASigningKeyIsNeverReplaced(@TempDir Path folder) throws Exception {
    SigningKey.readOrCreate(folder);
    Files.delete(folder.resolve("deployment.key"));
    assertThatThrownBy(() -> SigningKey.readOrCreate(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("backup");
    assertThat(folder.resolve("deployment.key")).doesNotExist();
  }

  /** A bit of a key that turns over leaves another key. */
  @Test
  void halvesOfTwoSigningKeysAreTold(@TempDir Path folder) throws Exception {
    SigningKey.readOrCreate(folder);
    String other = Keys.privateText(Keys.generate().getPrivate());
    Files.writeString(folder.resolve("deployment.key"), other);
    assertThatThrownBy(() -> SigningKey.readOrCreate(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("restore both from a backup")
        .hasMessageNotContaining(other);
  }

  @Test
  void aDamagedSigningKeyIsToldAndItsTextIsNot(@TempDir Path folder) throws Exception {
    SigningKey.readOrCreate(folder);
    Files.writeString(folder.resolve("deployment.key"), "c2VjcmV0\n");
    assertThatThrownBy(() -> SigningKey.readOrCreate(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("private key")
        .hasMessageNotContaining("c2VjcmV0");
  }
}
