package io.selvedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {

  @TempDir Path directory;

  @Test
  void anInstanceBehindASymbolicLinkHasItsRealName() throws Exception {
    Path real = Files.createDirectory(directory.toRealPath().resolve("disk"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    assertThat(instance(link)).isEqualTo(real);
    assertThat(instance(link.resolve("new/one"))).isEqualTo(real.resolve("new/one"));
  }

  @Test
  void aRelativeInstanceIsFoundFromHere() throws Exception {
    assertThat(instance(Path.of("not-there")))
        .isEqualTo(Path.of("").toRealPath().resolve("not-there"));
  }

  private static Path instance(Path given) throws Problem {
    return Arguments.parse(new String[] {"status", "--instance", given.toString()}).instance();
  }
}
