package io.selvedge.hub.store;

import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.Chunker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Lists of the blocks of files: made where one is first wanted, kept as files. Thread-safe. */
public final class BlockLists {

  private static final int KEPT_IN_MEMORY = 8;

  private final Jdbi jdbi;
  private final ContentStore content;
  private final Map<String, BlockList> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BlockList> eldest) {
          return size() > KEPT_IN_MEMORY;
        }
      };

  public BlockLists(Database database, ContentStore content) {
    this.jdbi = database.jdbi();
    this.content = content;
  }

  /**
   * Finds or makes a file's list.
   *
   * @return its SHA-256; empty where the file is not here
   */
  public Optional<String> of(String sha256) {
    Optional<String> known =
        jdbi.withHandle(
            h ->
                h.createQuery("select list_sha256 from block_lists where sha256 = ?")
                    .bind(0, sha256)
                    .mapTo(String.class)
                    .findOne());
    return known.isPresent() ? known : make(sha256);
  }

  private Optional<String> make(String sha256) {
    try {
      Optional<InputStream> bytes = content.open(sha256);
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      BlockList list;
      try (InputStream in = bytes.get()) {
        list = Chunker.list(in);
      }
      // Stored before it is named: what is named can be fetched.
      String made = content.add(new ByteArrayInputStream(list.toBytes())).sha256();
      jdbi.useHandle(
          h ->
              h.createUpdate(
                      "insert into block_lists (sha256, list_sha256) values (?, ?)"
                          + " on conflict do nothing")
                  .bind(0, sha256)
                  .bind(1, made)
                  .execute());
      return Optional.of(made);
    } catch (IOException e) {
      throw new UncheckedIOException("artifact file [" + sha256 + "] cannot be read", e);
    }
  }

  /** Reads a list; empty where there is no file of that name, or it is no list. */
  public Optional<BlockList> read(String listSha256) {
    synchronized (recent) {
      BlockList known = recent.get(listSha256);
      if (known != null) {
        return Optional.of(known);
      }
    }
    try {
      Optional<InputStream> bytes = content.open(listSha256);
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      BlockList list;
      try (InputStream in = bytes.get()) {
        list = BlockList.parse(in.readNBytes(BlockList.MOST_BYTES + 1));
      }
      synchronized (recent) {
        recent.put(listSha256, list);
      }
      return Optional.of(list);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // some other file
    } catch (IOException e) {
      throw new UncheckedIOException("list of blocks [" + listSha256 + "] cannot be read", e);
    }
  }
}
