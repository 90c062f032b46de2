package io.selvedge.remote.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * When the newest envelope of each package was issued: the file {@code newest.json}. An older one
 * does not bring an older version back, not even after the package was uninstalled. Used by one
 * thread.
 */
final class Newest {

  private static final long MOST_SUM = 0xFFFF_FFFFL;

  private final Path file;

  Newest(Path directory) {
    file = directory.resolve("newest.json");
  }

  /**
   * Refuses what is older than what was taken already.
   *
   * @throws DeployException it is
   */
  void require(String name, Instant issued) throws IOException, DeployException {
    Instant newest = read().getOrDefault(name, Instant.MIN);
    if (issued.isBefore(newest)) {
      throw new DeployException(
          "the envelope was issued at ["
              + issued
              + "], and one of ["
              + newest
              + "] was taken for package ["
              + name
              + "] already; to go back to an older version, sign it anew");
    }
  }

  /** It is installed. */
  void put(String name, Instant issued) throws IOException {
    Map<String, Instant> all = read();
    all.put(name, issued);
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", 1);
    ArrayNode list = json.putArray("packages");
    all.forEach((one, at) -> list.addObject().put("name", one).put("issued", at.toString()));
    json.put("sum", sum(list));
    Path beside = file.resolveSibling(".newest.new");
    Files.write(beside, Json.bytes(json));
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.READ)) {
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static long sum(JsonNode packages) {
    CRC32 sum = new CRC32();
    sum.update(packages.toString().getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  /** One that is damaged counts as none, as on a gateway that is new. */
  private Map<String, Instant> read() throws IOException {
    Map<String, Instant> all = new TreeMap<>();
    if (Files.notExists(file)) {
      return all;
    }
    try {
      Fields fields = Fields.parse("newest.json", Files.readAllBytes(file));
      if (fields.has("sum") && fields.whole("sum", 0, MOST_SUM) != sum(fields.raw("packages"))) {
        return all; // a time far ahead would keep out all that are signed until then
      }
      for (Fields one : fields.objects("packages")) {
        all.put(one.text("name"), one.instant("issued"));
      }
      return all;
    } catch (IllegalArgumentException e) {
      return new TreeMap<>();
    }
  }
}
