package io.selvedge.console.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * The one-time code. It stands in a private file; who may read that file may sign in. The moment it
 * is used the file holds the next one, so that there is always exactly one that is good. It is
 * never logged. Thread-safe.
 *
 * <p>Sixteen of 32 signs without those that are easily mistaken (no I, L, O, U): 80 bits, in groups
 * of four, {@code K7QM-2X9T-4HVA-ZC03}. Typed by hand, small letters, spaces and missing hyphens do
 * no harm.
 */
final class SignInCode {

  private static final String SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int LENGTH = 16;
  private static final int GROUP = 4;

  private final PrivateFile file;
  private final SecureRandom random;

  SignInCode(Path file, SecureRandom random) {
    this.file = new PrivateFile(file);
    this.random = random;
  }

  /** Makes a code where there is none that is private and whole. */
  synchronized void ensure() throws IOException {
    if (current().isEmpty()) {
      renew();
    }
  }

  /**
   * True where the code was right; it is used up then.
   *
   * @throws IOException the next code could not be written; the given one was not accepted
   */
  synchronized boolean use(String given) throws IOException {
    Optional<String> current = current();
    if (current.isEmpty()) {
      renew();
      return false;
    }
    if (!same(current.get(), normal(given))) {
      return false;
    }
    renew();
    return true;
  }

  private Optional<String> current() throws IOException {
    return file.read().map(SignInCode::normal).filter(code -> code.length() == LENGTH);
  }

  private void renew() throws IOException {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      if (i > 0 && i % GROUP == 0) {
        code.append('-');
      }
      code.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
    }
    file.write(code.append('\n').toString());
  }

  private static String normal(String code) {
    return code.toUpperCase(Locale.ROOT)
        .replaceAll("[\\s-]", "")
        .replace('O', '0')
        .replace('I', '1')
        .replace('L', '1');
  }

  /** Takes the same time wherever the two differ. */
  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
