package io.selvedge.protocol.deployment;

import java.util.Objects;
import java.util.Optional;

/**
 * How a file of a deployment comes to the gateway. Nothing of it changes what the file is: that
 * says its digest.
 *
 * @param mediaType for people and tools, for example {@code application/java-archive}; may be empty
 * @param blocks the file's list of blocks; without one it is fetched by offset
 * @param url where it can be had by HTTP or HTTPS, besides from the hub
 */
public record Source(String mediaType, Optional<Blocks> blocks, Optional<String> url) {

  /** Only from the hub, by offset. */
  public static final Source PLAIN = new Source("", Optional.empty(), Optional.empty());

  /** The longest block that there may be. */
  public static final int MOST_BLOCK = 1 << 16;

  /**
   * The blocks of a file: a list of their digests and lengths is a file of its own, named by its
   * digest like all others.
   *
   * @param size no block is longer than this
   * @param listSha256 SHA-256 of the list
   */
  public record Blocks(int size, String listSha256) {

    public Blocks {
      if (size < 1024 || size > MOST_BLOCK) {
        throw new IllegalArgumentException(
            "blocks.size [" + size + "] must be from 1024 to " + MOST_BLOCK);
      }
      if (!listSha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "blocks.list_sha256 [" + listSha256 + "] must be 64 lower case hexadecimal digits");
      }
    }
  }

  public Source {
    Objects.requireNonNull(blocks, "blocks must not be null");
    if (!mediaType.isEmpty() && !mediaType.matches("[\\w.+-]{1,64}/[\\w.+-]{1,64}")) {
      throw new IllegalArgumentException(
          "media_type [" + mediaType + "] must be like [application/octet-stream]");
    }
    if (url.isPresent() && !url.get().matches("https?://[!-~]{1,2000}")) {
      throw new IllegalArgumentException(
          "url [" + url.get() + "] must begin with http:// or https:// and hold no spaces");
    }
  }
}
