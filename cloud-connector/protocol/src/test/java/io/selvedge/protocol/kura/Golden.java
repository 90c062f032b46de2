package io.selvedge.protocol.kura;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * The golden payloads, written by {@code golden/make.py} or by hand: no class of ours made them.
 */
final class Golden {

  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  /** Bytes of a file in hexadecimal digits; what follows a {@code #} is a comment. */
  static byte[] hex(String name) {
    String digits =
        read(name + ".hex")
            .lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .collect(Collectors.joining());
    return HexFormat.of().parseHex(digits);
  }

  /** Bytes of a JSON file, without the line's end. */
  static byte[] json(String name) {
    return read(name + ".json").strip().getBytes(StandardCharsets.UTF_8);
  }

  private static String read(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
