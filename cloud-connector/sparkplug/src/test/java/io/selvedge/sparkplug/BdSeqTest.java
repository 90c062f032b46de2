package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BdSeqTest {

  @TempDir Path directory;

  @Test
  void beginsWithZeroAndGoesOnAfterARestart() throws Exception {
    Path file = directory.resolve("bdseq");
    BdSeq numbers = new BdSeq(file);
    assertThat(numbers.take()).isZero();
    assertThat(numbers.take()).isEqualTo(1);

    assertThat(new BdSeq(file).take()).isEqualTo(2);
  }

  @Test
  void aNumberThatWasGivenBackIsTheNextOnes() throws Exception {
    BdSeq numbers = new BdSeq(directory.resolve("bdseq"));
    numbers.take();
    numbers.take();
    numbers.giveBack();

    assertThat(numbers.take()).isEqualTo(1);
    assertThat(numbers.take()).isEqualTo(2);
  }

  @Test
  void isOnDiskWhenItIsTaken() throws Exception {
    Path file = directory.resolve("bdseq");
    new BdSeq(file).take();

    assertThat(file).hasContent("0");
  }

  @Test
  void beginsAnewWhereTheFileIsNoNumber() throws Exception {
    Path file = directory.resolve("bdseq");
    for (String wrong : new String[] {"", "x", "-1", "1234567890123456789012", "\u0000\u0000"}) {
      Files.writeString(file, wrong);
      assertThat(new BdSeq(file).take()).isZero();
    }
    Files.write(file, new byte[] {(byte) ('7' ^ 0x80), '\n'}); // one bit of it is another
    assertThat(new BdSeq(file).take()).isZero();
  }

  @Test
  void comesToZeroAfter255() throws Exception {
    assertWrapsAfter255();
  }

  static void assertWrapsAfter255() throws Exception {
    Path folder = Files.createTempDirectory("bdseq");
    Path file = folder.resolve("bdseq");
    try {
      Files.writeString(file, "254\n");
      BdSeq numbers = new BdSeq(file);
      assertThat(numbers.take()).isEqualTo(255);
      assertThat(numbers.take()).isZero();
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
