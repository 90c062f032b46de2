package io.selvedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.store.ContentStore.Content;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseContentTest {

  private static final int BLOCK = 256 * 1024;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatGoesInComesOutAsAWholeAndInParts(@TempDir Path folder) throws Exception {
    Path incoming = Files.createDirectory(folder.resolve("artifacts"));
    try (Database database = Database.embedded(folder)) {
      ContentStore store = new DatabaseContent(database, new FileContent(incoming));
      for (int length : new int[] {0, 1, BLOCK, 2 * BLOCK + 7}) {
        byte[] all = bytes(length);
        Content content = store.add(new ByteArrayInputStream(all));
        assertThat(content.size()).isEqualTo(length);
        assertThat(store.add(new ByteArrayInputStream(all))).isEqualTo(content);
        assertThat(store.open(content.sha256()).orElseThrow().readAllBytes()).isEqualTo(all);
        for (int offset : new int[] {0, 1, BLOCK - 3, BLOCK, 2 * BLOCK + 6, 3 * BLOCK}) {
          int to = Math.min(length, offset + 65_536);
          byte[] part = offset >= length ? new byte[0] : Arrays.copyOfRange(all, offset, to);
          assertThat(store.read(content.sha256(), offset, 65_536))
              .get()
              .satisfies(
                  block -> {
                    assertThat(block.bytes()).isEqualTo(part);
                    assertThat(block.size()).isEqualTo(length);
                  });
        }
      }
      assertThat(store.open("0".repeat(64))).isEmpty();
      assertThat(store.read("../auth/admin-token", 0, 10)).isEmpty();
      assertThat(incoming).isEmptyDirectory();
    }
  }

  @Test
  void filesOfBeforeAreMovedIn(@TempDir Path folder) throws Exception {
    Path directory = Files.createDirectory(folder.resolve("artifacts"));
    FileContent files = new FileContent(directory);
    Content content = files.add(new ByteArrayInputStream(bytes(1000)));
    try (Database database = Database.embedded(folder)) {
      ContentStore store = new DatabaseContent(database, files);
      assertThat(store.open(content.sha256()).orElseThrow().readAllBytes()).isEqualTo(bytes(1000));
      assertThat(directory).isEmptyDirectory();
    }
  }
}
