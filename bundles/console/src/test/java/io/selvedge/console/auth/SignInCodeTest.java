package io.selvedge.console.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInCodeTest {

  @TempDir Path directory;
  Path file = Path.of("unset");
  SignInCode code = new SignInCode(file, new SecureRandom());

  @BeforeEach
  void make() throws IOException {
    file = directory.resolve("auth/sign-in");
    code = new SignInCode(file, new SecureRandom());
    code.ensure();
  }

  @Test
  void onlyThisUserMayReadIt() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void hasEightyBitsInSignsThatAreNotMistaken() throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      String now = current();
      assertThat(now).matches("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}");
      seen.add(now);
      assertThat(code.use(now)).isTrue();
    }
    assertThat(seen).hasSize(50);
  }

  @Test
  void isGoodOnceAndLeavesTheNextOneInTheFile() throws IOException {
    String first = current();

    assertThat(code.use(first)).isTrue();
    assertThat(code.use(first)).isFalse();

    assertThat(current()).isNotEqualTo(first);
    assertThat(code.use(current())).isTrue();
  }

  @Test
  void takesItAsPeopleTypeIt() throws IOException {
    String typed = current().replace("-", " ").toLowerCase(Locale.ROOT).replace('0', 'o');

    assertThat(code.use("  " + typed + "\n")).isTrue();
  }

  @Test
  void refusesWhatIsNearIt() throws IOException {
    String right = current();

    assertThat(code.use("")).isFalse();
    assertThat(code.use(right.substring(1))).isFalse();
    assertThat(code.use(right + "0")).isFalse();
    assertThat(current()).as("a wrong one does not use it up").isEqualTo(right);
  }

  @Test
  void anEmptyOrDamagedFileLetsNobodyIn() throws IOException {
    Files.writeString(file, "");
    assertThat(code.use("")).isFalse();

    Files.writeString(file, "SHORT");
    assertThat(code.use("SHORT")).isFalse();

    assertThat(current()).as("it was mended").hasSize(19);
  }

  @Test
  void aCodeThatOthersMayHaveReadIsReplaced() throws IOException {
    String seen = current();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(code.use(seen)).isFalse();

    assertThat(current()).isNotEqualTo(seen);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void ofManyWhoUseItAtOnceOneIsLetIn() throws Exception {
    String right = current();
    ExecutorService people = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> tries = Collections.nCopies(32, () -> code.use(right));
      int in = 0;
      for (Future<Boolean> result : people.invokeAll(tries)) {
        in += result.get() ? 1 : 0;
      }

      assertThat(in).isEqualTo(1);
    } finally {
      people.shutdownNow();
    }
  }

  @Test
  void staysGoodAcrossARestart() throws IOException {
    String before = current();

    SignInCode again = new SignInCode(file, new SecureRandom());
    again.ensure();

    assertThat(current()).isEqualTo(before);
    assertThat(again.use(before)).isTrue();
  }

  @Test
  void isNotAcceptedWhereItCannotBeUsedUp() throws IOException {
    String right = current();
    // A directory in the way of the new file: as a full disk, but for root as well.
    Files.createDirectories(file.resolveSibling(".sign-in.new/x"));

    assertThatThrownBy(() -> code.use(right)).isInstanceOf(IOException.class);
    assertThat(current()).isEqualTo(right);
  }

  private String current() throws IOException {
    return Files.readString(file).strip();
  }
}
