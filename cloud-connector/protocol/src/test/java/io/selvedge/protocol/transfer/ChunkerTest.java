package io.selvedge.protocol.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkerTest {

  private static final int SIZE = 8 << 20;

  private final byte[] content = random(SIZE, 1);

  @Test
  void theBlocksAreTheFile() throws Exception {
    BlockList list = list(content);

    assertThat(list.size()).isEqualTo(SIZE);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < list.count(); i++) {
      int from = (int) list.offset(i);
      sha256.update(content, from, list.length(i));
      assertThat(list.digest(i)).isEqualTo(Digest.of(sha256.digest()));
      assertThat(list.length(i)).isLessThanOrEqualTo(Chunker.MOST);
      if (i < list.count() - 1) {
        assertThat(list.length(i)).isGreaterThan(Chunker.LEAST);
      }
    }
  }

  @Test
  void blocksAreAboutAsLongAsTheyShallBe() throws Exception {
    int mean = SIZE / list(content).count();
    assertThat(mean).isBetween(Chunker.AIM / 2, Chunker.AIM * 3 / 2);
  }

  @Test
  void bytesThatAreInsertedMoveNoCutButThoseBeside() throws Exception {
    byte[] longer = new byte[SIZE + 5];
    System.arraycopy(content, 0, longer, 0, 3_000_000);
    System.arraycopy(content, 3_000_000, longer, 3_000_005, SIZE - 3_000_000);

    assertThat(fresh(longer)).isLessThan(3L * Chunker.MOST);
  }

  @Test
  void aRunOfBytesThatChangedCostsItselfAndItsEdges() throws Exception {
    byte[] other = content.clone();
    System.arraycopy(random(SIZE / 20, 2), 0, other, 4_000_000, SIZE / 20);

    assertThat(fresh(other)).isBetween(SIZE / 20L, SIZE / 20L + 4L * Chunker.MOST);
  }

  @Test
  void whatHasNoContentToCutAtIsCutAtTheLongest() throws Exception {
    BlockList list = list(new byte[1_000_000]);

    assertThat(list.count()).isEqualTo(16);
    assertThat(list.length(0)).isEqualTo(Chunker.MOST);
    assertThat(list.digest(1)).isEqualTo(list.digest(0));
  }

  @Test
  void anEmptyFileHasNoBlocks() throws Exception {
    assertThat(list(new byte[0]).count()).isZero();
    assertThat(list(new byte[] {1}).count()).isEqualTo(1);
  }

  /** A stream may give as little at a time as it likes. */
  @Test
  void howTheFileIsReadDoesNotMatter() throws Exception {
    byte[] part = Arrays.copyOf(content, 300_000);
    InputStream drips =
        new FilterInputStream(new ByteArrayInputStream(part)) {
          @Override
          public int read(byte[] to, int offset, int length) throws IOException {
            return super.read(to, offset, Math.min(length, 7));
          }
        };

    assertThat(Chunker.list(drips).toBytes()).isEqualTo(list(part).toBytes());
  }

  /** Bytes of blocks that the content before does not have. */
  private long fresh(byte[] other) throws IOException {
    BlockList before = list(content);
    Set<Digest> known = new HashSet<>();
    for (int i = 0; i < before.count(); i++) {
      known.add(before.digest(i));
    }
    BlockList after = list(other);
    long fresh = 0;
    for (int i = 0; i < after.count(); i++) {
      fresh += known.contains(after.digest(i)) ? 0 : after.length(i);
    }
    return fresh;
  }

  private static BlockList list(byte[] bytes) throws IOException {
    return Chunker.list(new ByteArrayInputStream(bytes));
  }

  private static byte[] random(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
