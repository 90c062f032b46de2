package io.selvedge.itest;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The unpacked distribution that is tested. */
final class Distribution {

  private Distribution() {}

  static Path home() {
    Path home = Path.of(System.getProperty("selvedge.gateway", "")).toAbsolutePath().normalize();
    if (!Files.isExecutable(home.resolve("bin/selvedge"))) {
      throw new IllegalStateException(
          "no unpacked distribution in ["
              + home
              + "]; build it first: mvn -pl distribution/gateway -am package");
    }
    return home;
  }

  /** A port that nobody listens on at this moment, and that no outgoing connection takes. */
  static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // taken: another one
      }
    }
  }

  /** Javas of this machine other than the one that runs the tests. */
  static List<Path> otherJavas() throws IOException {
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> homes = Files.list(all)) {
      return homes
          .filter(home -> !Files.isSymbolicLink(home))
          .filter(home -> release(home).filter(r -> r > Runtime.version().feature()).isPresent())
          .sorted()
          .toList();
    }
  }

  private static Optional<Integer> release(Path home) {
    try (Stream<String> lines = Files.lines(home.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> Integer.valueOf(line.replaceFirst("JAVA_VERSION=\"([0-9]+).*", "$1")))
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
