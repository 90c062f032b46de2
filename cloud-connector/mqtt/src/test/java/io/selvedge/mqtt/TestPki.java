package io.selvedge.mqtt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A certification authority for tests, by the program openssl; its certificate is ca.pem. */
final class TestPki {

  private final Path directory;

  TestPki(Path directory) throws Exception {
    this.directory = Files.createDirectories(directory);
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem"
            + " -subj /CN=Test-CA -days 10");
  }

  static boolean isAvailable() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openssl")));
  }

  Path ca() {
    return directory.resolve("ca.pem");
  }

  /**
   * Makes a key and its certificate: {@code NAME.pem} and {@code NAME.key}.
   *
   * @param name of the files, and of the certificate's owner up to the first underscore
   * @param key options of {@code openssl genpkey}
   * @param days for which it is valid; negative: so long ago it ran out
   */
  void issue(String name, String key, int days) throws Exception {
    String owner = name.replaceFirst("_.*", "");
    openssl("genpkey " + key + " -out " + name + ".key");
    openssl("req -new -key " + name + ".key -subj /CN=" + owner + " -out " + name + ".csr");
    Files.writeString(directory.resolve("names"), "subjectAltName=DNS:" + owner + "\n");
    openssl(
        "x509 -req -in "
            + name
            + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -days "
            + days
            + " -out "
            + name
            + ".pem");
  }

  /** Runs the program in the directory; arguments have no blanks. */
  void openssl(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(arguments + ": " + said);
    }
  }
}
