package io.selvedge.remote.inventory;

import io.selvedge.remote.PackageList.Item;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Debian's package manager has installed, as its own file says; no program is run. */
final class SystemPackages {

  private static final int MOST = 20_000;

  private final Path status;

  /**
   * @param status {@code /var/lib/dpkg/status}; where there is none, there are no such packages
   */
  SystemPackages(Path status) {
    this.status = status;
  }

  List<Item> list() throws IOException {
    List<Item> all = new ArrayList<>();
    if (Files.notExists(status)) {
      return all;
    }
    CharsetDecoder lenient = StandardCharsets.UTF_8.newDecoder();
    lenient.onMalformedInput(CodingErrorAction.REPLACE);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(Files.newInputStream(status), lenient))) {
      String name = "";
      String version = "";
      boolean installed = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          add(all, name, version, installed);
          name = "";
          installed = false;
        } else if (line.startsWith("Package: ")) {
          name = line.substring(9).strip();
        } else if (line.startsWith("Version: ")) {
          version = line.substring(9).strip();
        } else if (line.startsWith("Status: ")) {
          installed = line.endsWith(" installed");
        }
      }
      add(all, name, version, installed);
    }
    return all;
  }

  private static void add(List<Item> all, String name, String version, boolean installed) {
    if (installed && !name.isEmpty() && all.size() < MOST) {
      all.add(new Item(name, version, List.of()));
    }
  }
}
