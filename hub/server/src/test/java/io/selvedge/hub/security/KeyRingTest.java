package io.selvedge.hub.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.protocol.deployment.KeyChange;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder = Path.of("."); // set before each test

  private KeyRing open() throws IOException {
    return KeyRing.open(folder, CLOCK);
  }

  private static String id(KeyPair key) {
    return Keys.id(key.getPublic());
  }

  @Test
  void eachChangeIsSignedWithTheKeyBefore() throws Exception {
    KeyRing ring = open();
    KeyPair first = ring.current();
    SignedEnvelope change = ring.rotate();
    KeyPair second = ring.current();
    ring.rotate();
    KeyPair third = ring.current();

    assertThat(KeyChange.verify(change, List.of(first.getPublic())).trust())
        .isEqualTo(second.getPublic());
    assertThat(KeyChange.verify(ring.changes().get(1), List.of(second.getPublic())).trust())
        .isEqualTo(third.getPublic());
    KeyRing again = open();
    assertThat(id(again.current())).isEqualTo(id(third));
    assertThat(again.changes()).hasSize(2);
    assertThat(folder.resolve("next.pair")).doesNotExist();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("deployment.key"))))
        .isEqualTo("rw-------");
  }

  /** Killed between the next pair and the change. */
  @Test
  void aChangeThatWasNotCommittedIsForgotten() throws Exception {
    String before = id(open().current());
    pair(Keys.generate());

    KeyRing ring = open();

    assertThat(id(ring.current())).isEqualTo(before);
    assertThat(ring.changes()).isEmpty();
    assertThat(folder.resolve("next.pair")).doesNotExist();
  }

  /** Killed behind the change: with neither half, one half or both halves of the new key there. */
  @Test
  void aChangeThatWasCommittedIsFinished() throws Exception {
    for (int halves = 0; halves <= 2; halves++) {
      KeyRing before = open();
      KeyPair old = before.current();
      KeyPair fresh = Keys.generate();
      pair(fresh);
      int number = before.changes().size() + 1;
      Path changes = Files.createDirectories(folder.resolve("changes"));
      Files.write(
          changes.resolve("000" + number + ".json"),
          KeyChange.sign(old, fresh.getPublic(), CLOCK.instant()).toJson());
      if (halves > 0) {
        Files.writeString(folder.resolve("deployment.pub"), Keys.publicText(fresh.getPublic()));
      }
      if (halves > 1) {
        Files.writeString(folder.resolve("deployment.key"), Keys.privateText(fresh.getPrivate()));
      }

      KeyRing ring = open();

      assertThat(id(ring.current())).as(halves + " halves").isEqualTo(id(fresh));
      SignedEnvelope signed = SignedEnvelope.sign("x", new byte[1], ring.current());
      assertThat(signed.verify(List.of(fresh.getPublic()))).isEqualTo(fresh.getPublic());
      assertThat(folder.resolve("next.pair")).doesNotExist();
    }
  }

  @Test
  void aDamagedChangeIsToldAndNothingIsMade() throws Exception {
    open().rotate();
    Files.writeString(folder.resolve("changes/0001.json"), "{");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("0001.json")
        .hasMessageContaining("backup");
  }

  @Test
  void aDamagedNextKeyIsTold() throws Exception {
    open();
    Files.writeString(folder.resolve("next.pair"), "x");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("next key");
  }

  /** A bit has turned over in one half, and it is a key still: what is signed with goes on. */
  @Test
  void aNextKeyOfWhichTheHalvesDoNotBelongTogetherNeverTakesTheKeysPlace() throws Exception {
    KeyPair good = open().current();
    KeyPair fresh = Keys.generate();
    Path changes = Files.createDirectories(folder.resolve("changes"));
    Files.write(
        changes.resolve("0001.json"),
        KeyChange.sign(good, fresh.getPublic(), CLOCK.instant()).toJson());
    KeyPair other = Keys.generate();
    for (KeyPair damaged :
        List.of(
            new KeyPair(fresh.getPublic(), other.getPrivate()),
            new KeyPair(other.getPublic(), fresh.getPrivate()))) {
      pair(damaged);
      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("next key")
          .hasMessageContaining("delete it");
      assertThat(id(SigningKey.readOrCreate(folder))).isEqualTo(id(good));
      assertThat(folder.resolve("next.pair")).exists();
    }

    Files.delete(folder.resolve("next.pair"));
    Files.delete(changes.resolve("0001.json"));
    assertThat(id(open().current())).as("the remedy").isEqualTo(id(good));
  }

  private void pair(KeyPair key) throws IOException {
    Files.writeString(
        folder.resolve("next.pair"),
        Keys.publicText(key.getPublic()) + "\n" + Keys.privateText(key.getPrivate()) + "\n");
  }
}
