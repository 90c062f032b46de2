package io.selvedge.hub.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Files in blocks in the database, where every hub on it can reach them. What comes is written to a
 * directory first, since its name is not known before its end. Thread-safe.
 */
public final class DatabaseContent implements ContentStore {

  private static final int BLOCK = 256 * 1024;

  private final Jdbi jdbi;
  private final FileContent incoming;

  /**
   * @param incoming where files lie before they go into the database; those of before, or of a hub
   *     that was killed, go now
   */
  public DatabaseContent(Database database, FileContent incoming) throws IOException {
    this.jdbi = database.jdbi();
    this.incoming = incoming;
    for (String left : incoming.list()) {
      store(left);
    }
  }

  @Override
  public Content add(InputStream in) throws IOException {
    Content content = incoming.add(in);
    store(content.sha256());
    return content;
  }

  private void store(String sha256) throws IOException {
    Optional<InputStream> bytes = incoming.open(sha256);
    if (bytes.isPresent()) {
      try (InputStream in = bytes.get()) {
        jdbi.useTransaction(h -> insert(h, sha256, in));
      }
      incoming.remove(sha256);
    }
  }

  private static void insert(Handle h, String sha256, InputStream in) throws IOException {
    int fresh =
        h.createUpdate("insert into contents (sha256, size) values (?, 0) on conflict do nothing")
            .bind(0, sha256)
            .execute();
    if (fresh == 0) {
      return;
    }
    long size = 0;
    int number = 0;
    for (byte[] bytes = in.readNBytes(BLOCK); bytes.length > 0; bytes = in.readNBytes(BLOCK)) {
      h.createUpdate("insert into content_blocks (sha256, number, bytes) values (?, ?, ?)")
          .bind(0, sha256)
          .bind(1, number++)
          .bind(2, bytes)
          .execute();
      size += bytes.length;
    }
    h.createUpdate("update contents set size = ? where sha256 = ?")
        .bind(0, size)
        .bind(1, sha256)
        .execute();
  }

  @Override
  public Optional<InputStream> open(String sha256) {
    return size(sha256).map(size -> new Blocks(sha256, size));
  }

  @Override
  public Optional<Block> read(String sha256, long offset, int length) {
    return size(sha256).map(size -> new Block(bytes(sha256, offset, length), size));
  }

  private Optional<Long> size(String sha256) {
    return jdbi.withHandle(
        h ->
            h.createQuery("select size from contents where sha256 = ?")
                .bind(0, sha256)
                .mapTo(Long.class)
                .findOne());
  }

  private byte[] bytes(String sha256, long offset, int length) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long at = offset; at < offset + length; at = (at / BLOCK + 1) * BLOCK) {
      int from = (int) (at % BLOCK);
      int most = (int) Math.min(BLOCK - from, offset + length - at);
      all.writeBytes(part(sha256, at / BLOCK, from, most));
    }
    return all.toByteArray();
  }

  private byte[] part(String sha256, long number, int from, int length) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select substring(bytes from :from for :length) from content_blocks"
                        + " where sha256 = :sha256 and number = :number")
                .bind("from", from + 1)
                .bind("length", length)
                .bind("sha256", sha256)
                .bind("number", number)
                .mapTo(byte[].class)
                .findOne()
                .orElse(new byte[0]));
  }

  /** One block in memory at a time. */
  private final class Blocks extends InputStream {

    private final String sha256;
    private final long size;
    private long at;
    private byte[] block = new byte[0];

    Blocks(String sha256, long size) {
      this.sha256 = sha256;
      this.size = size;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (at >= size) {
        return -1;
      }
      int from = (int) (at % BLOCK);
      if (from == 0) {
        block = part(sha256, at / BLOCK, 0, BLOCK);
      }
      int count = Math.min(length, block.length - from);
      System.arraycopy(block, from, target, offset, count);
      at += count;
      return count;
    }
  }
}
