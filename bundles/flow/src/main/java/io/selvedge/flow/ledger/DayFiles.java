package io.selvedge.flow.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file a day, {@code 2026-01-31.json}, replaced as a whole: old or new, never between. What is
 * older than what is told apart is in the file of 1970-01-01.
 */
final class DayFiles {

  private static final Logger log = LoggerFactory.getLogger(DayFiles.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUFFIX = ".json";

  private final Path directory;

  DayFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  private Path path(LocalDate day) {
    return directory.resolve(day + SUFFIX);
  }

  /** All that is readable; a file that is not is set aside. */
  Map<LineKey, Counts> read() throws IOException {
    List<Path> files = new ArrayList<>();
    try (java.util.stream.Stream<Path> list = Files.list(directory)) {
      list.filter(path -> path.getFileName().toString().matches("[0-9-]{10}\\" + SUFFIX))
          .forEach(files::add);
    }
    Map<LineKey, Counts> all = new TreeMap<>(LineKey.ORDER);
    for (Path file : files) {
      try {
        read(file, all);
      } catch (JsonProcessingException
          | CharConversionException
          | IllegalArgumentException
          | java.time.DateTimeException e) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        log.warn("ledger file [{}] is damaged and set aside: {}", file, e.getMessage());
      }
    }
    return all;
  }

  private static void read(Path file, Map<LineKey, Counts> into) throws IOException {
    String name = file.getFileName().toString();
    LocalDate day = LocalDate.parse(name.substring(0, name.length() - SUFFIX.length()));
    Map<LineKey, Counts> lines = new TreeMap<>(LineKey.ORDER);
    for (JsonNode line : JSON.readTree(Files.readAllBytes(file)).path("lines")) {
      Stream stream = Stream.valueOf(line.path("stream").asText().toUpperCase(Locale.ROOT));
      lines.put(new LineKey(day, line.path("flow").asText(), stream), Counts.read(line));
    }
    into.putAll(lines);
  }

  /** On disk when it returns. */
  void write(LocalDate day, Map<LineKey, Counts> lines) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("lines");
    lines.forEach(
        (key, counts) ->
            counts.write(
                list.addObject().put("flow", key.flow()).put("stream", key.stream().word())));
    Path fresh = path(day).resolveSibling(day + ".new");
    ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(root));
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(fresh, path(day), StandardCopyOption.ATOMIC_MOVE);
  }

  void remove(LocalDate day) throws IOException {
    Files.deleteIfExists(path(day));
  }
}
