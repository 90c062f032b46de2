package io.selvedge.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One gateway's own directory: configuration, data, log, what belongs to the running process. An
 * upgrade of the programs never touches it.
 *
 * @param directory its top directory, absolute
 */
record Instance(Path directory) {

  private static final List<String> DIRECTORIES =
      List.of("conf/flows", "conf/models", "conf/trust", "deploy", "data/auth", "log", "run");

  Path conf() {
    return directory.resolve("conf");
  }

  Path data() {
    return directory.resolve("data");
  }

  Path log() {
    return directory.resolve("log");
  }

  Path run() {
    return directory.resolve("run");
  }

  Path settings() {
    return conf().resolve("gateway.properties");
  }

  boolean exists() {
    return Files.exists(settings());
  }

  /**
   * Makes what is missing. A new instance gets a copy of the shipped configuration; the settings
   * come last, so that an interrupted copy is taken up again at the next start. Files that are
   * there are left alone.
   *
   * @return true where the instance is new
   */
  boolean create(Programs programs, String gatewayId) throws Problem {
    try {
      for (String name : DIRECTORIES) {
        Files.createDirectories(directory.resolve(name));
      }
      for (Path secret : List.of(data(), data().resolve("auth"), run())) {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
      }
      if (exists()) {
        return false;
      }
      copyShipped(programs.config());
      String shipped = Files.readString(programs.config().resolve("gateway.properties"));
      Files.writeString(
          settings(), shipped.replaceFirst("(?m)^#?gateway\\.id=.*$", "gateway.id=" + gatewayId));
      return true;
    } catch (IOException | UncheckedIOException e) {
      throw Problem.failed(
          "instance ["
              + directory
              + "] cannot be made: "
              + e
              + "; give a directory that this user may write, with --instance DIR");
    }
  }

  private void copyShipped(Path shipped) throws IOException {
    try (Stream<Path> files = Files.walk(shipped)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = conf().resolve(shipped.relativize(file).toString());
        if (Files.notExists(target) && !target.equals(settings())) {
          Files.createDirectories(target.getParent());
          Files.write(target, Files.readAllBytes(file)); // a copy of its mode could be read-only
        }
      }
    }
  }

  /**
   * Empties what one run keeps for itself, and takes over the programs' own configuration, which
   * File Install must find in a place that may be written.
   */
  void prepare(Programs programs) throws Problem {
    try {
      for (String kept : List.of("configuration", "system", "fileinstall")) {
        delete(run().resolve(kept));
      }
      Path system = Files.createDirectories(run().resolve("system"));
      try (Stream<Path> files = Files.list(programs.home().resolve("system"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".cfg")).toList()) {
          Files.write(system.resolve(file.getFileName().toString()), Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw Problem.failed(
          "[" + run() + "] cannot be written: " + e + "; free the disk, or see to its permissions");
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /**
   * Takes the instance for this process and writes its id into {@code run/pid}. The lock ends with
   * the process, however it ends.
   */
  FileChannel lock() throws Problem {
    try {
      FileChannel channel =
          FileChannel.open(pidFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // A status command holds a shared lock for an instant; only a gateway holds one for longer.
      for (int attempt = 0; attempt < 5; attempt++) {
        if (tryLock(channel, false).isPresent()) {
          byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
          channel.truncate(0);
          channel.write(ByteBuffer.wrap(pid));
          return channel;
        }
        Thread.sleep(50);
      }
      channel.close();
    } catch (IOException e) {
      throw Problem.failed(
          "instance ["
              + directory
              + "] cannot be locked: "
              + e
              + "; it must be on a local file system that this user may write");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.failed("interrupted while taking instance [" + directory + "]");
    }
    throw Problem.failed(
        "instance ["
            + directory
            + "] is in use by process ["
            + holder().map(String::valueOf).orElse("unknown")
            + "]; only one gateway may run on it: stop that one (selvedge stop), or give another"
            + " directory with --instance DIR");
  }

  /** Id of the process that runs on this instance; empty where none does. */
  Optional<Long> holder() throws Problem {
    if (Files.notExists(pidFile())) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(pidFile(), StandardOpenOption.READ)) {
      String pid = "";
      // A gateway that has just taken the lock writes its id in the next instant, which is a second
      // where the machine is slow and busy.
      for (int attempt = 0; attempt < 1000 && !pid.matches("[0-9]{1,18}"); attempt++) {
        if (tryLock(channel, true).isPresent()) {
          return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        Thread.sleep(10);
      }
      return Optional.of(Long.parseLong(pid));
    } catch (IOException | NumberFormatException e) {
      throw Problem.failed(
          "cannot tell who runs on instance ["
              + directory
              + "]: "
              + e
              + "; ask again as the user the gateway runs as");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.failed("interrupted while looking at instance [" + directory + "]");
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel, boolean shared)
      throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock(0, Long.MAX_VALUE, shared));
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // held by this very process
    }
  }

  private Path pidFile() {
    return run().resolve("pid");
  }

  Path addressFile() {
    return run().resolve("address");
  }

  Path cache() {
    return run().resolve("felix-cache");
  }
}
