package io.selvedge.remote.deploy;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Packages that are installed, over restarts: {@code installed.json} is the truth, and the
 * framework is made to hold it at each start. Files lie under their digests, which are verified
 * each time they are used.
 *
 * <pre>
 *   put      file copied, to the disk, renamed        (killed: the next start deletes it)
 *   switch   bundles in the framework                 (killed: the next start makes it as before)
 *   commit   installed.json beside, to the disk, renamed
 * </pre>
 *
 * <p>What ends the process again and again is not started any more: {@link Starts}.
 *
 * <p>Used by one thread; {@link #list} by any.
 */
final class Packages {

  private final Path directory;
  private final Path index;
  private final Installer installer;
  private final Events events;
  private final Starts starts;
  private final Newest newest;
  private volatile List<Installed> installed;

  Packages(Path directory, Installer installer, Events events, Duration lasting)
      throws IOException {
    this.directory = directory;
    this.index = directory.resolve("installed.json");
    this.installer = installer;
    this.events = events;
    Files.createDirectories(directory);
    starts = new Starts(directory, lasting);
    newest = new Newest(directory);
    installed = read();
  }

  private List<Installed> read() throws IOException {
    try {
      return Files.exists(index) ? Installed.parse(Files.readAllBytes(index)) : List.of();
    } catch (IllegalArgumentException e) {
      Files.move(
          index, directory.resolve("installed.damaged"), StandardCopyOption.REPLACE_EXISTING);
      report(
          "package.list_damaged",
          "the list of packages cannot be read and is put aside: "
              + e.getMessage()
              + "; install the packages again");
      return List.of();
    }
  }

  List<Installed> list() {
    return installed;
  }

  Optional<Installed> find(String name) {
    return installed.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** Makes the framework hold what is installed, and nothing that is not. */
  void restore() throws IOException {
    Set<String> names = installed.stream().map(Installed::name).collect(Collectors.toSet());
    try {
      starts.count();
    } catch (IOException e) {
      report(
          "package.starts_not_counted",
          "this start with packages that are new is counted in memory only: ["
              + e
              + "]; free the disk, or make it writable");
    }
    installer.forgetKept();
    installer.names().stream().filter(name -> !names.contains(name)).forEach(installer::uninstall);
    for (Installed one : installed) {
      Path file = file(one.sha256());
      try {
        if (starts.isGivenUp(one.name())) {
          installer.uninstall(one.name());
          throw new DeployException(
              "the gateway was started [3] times in a row with it and did not last; install another"
                  + " version, or uninstall it");
        }
        if (Files.notExists(file) || !Digest.of(Digest.SHA_256, file).hex().equals(one.sha256())) {
          installer.uninstall(one.name());
          throw new DeployException("its file is gone or was altered; install it again");
        }
        installer.install(one.name(), one.sha256(), PackageFile.read(file));
      } catch (DeployException | IOException e) {
        report(
            "package.not_started",
            "package [" + one.name() + " " + one.version() + "] does not run: " + e.getMessage());
      }
    }
    starts.run();
    deleteOthers();
  }

  /** Installs a file whose signature was verified, in place of what has the same name. */
  void install(Job job, Path file, Signers.Voucher by) throws IOException, DeployException {
    if (by.issued().isPresent()) {
      newest.require(job.name(), by.issued().get());
    }
    String sha256 = Digest.of(Digest.SHA_256, file).hex();
    Path kept = file(sha256);
    if (Files.notExists(kept)) {
      Path beside = directory.resolve("." + sha256 + ".new");
      Files.copy(file, beside, StandardCopyOption.REPLACE_EXISTING);
      force(beside);
      Files.move(beside, kept, StandardCopyOption.ATOMIC_MOVE);
    }
    if (!Digest.of(Digest.SHA_256, kept).hex().equals(sha256)) {
      Files.delete(kept);
      throw new DeployException("the file was altered while it was copied; ask again");
    }
    PackageFile content = PackageFile.read(kept);
    Optional<Starts.Count> before = starts.begin(job.name());
    boolean done = false;
    try {
      installer.install(job.name(), sha256, content);
      if (by.issued().isPresent()) {
        newest.put(job.name(), by.issued().get());
      }
      commit(job.name(), Optional.of(installed(job, sha256, by.name(), content)));
      done = true;
    } finally {
      if (!done) {
        starts.back(job.name(), before);
      }
      starts.run();
    }
  }

  private static Installed installed(Job job, String sha256, String signer, PackageFile content) {
    return new Installed(job.name(), job.version(), sha256, signer, content.bundles());
  }

  void uninstall(String name) throws IOException {
    commit(name, Optional.empty());
    installer.uninstall(name);
    starts.forget(name);
  }

  /** This start was none, for nothing of it is the packages' doing: {@link Starts#takeBack}. */
  void takeBackStart(boolean asked) throws IOException {
    starts.takeBack(asked);
  }

  void close() {
    starts.close();
  }

  private void commit(String name, Optional<Installed> now) throws IOException {
    List<Installed> all = new ArrayList<>(installed);
    all.removeIf(one -> one.name().equals(name));
    now.ifPresent(all::add);
    Path beside = directory.resolve(".installed.new");
    Files.write(beside, Installed.toJson(all));
    force(beside);
    Files.move(beside, index, StandardCopyOption.ATOMIC_MOVE);
    force(directory);
    installed = List.copyOf(all);
    deleteOthers();
  }

  private void deleteOthers() throws IOException {
    Set<String> wanted = installed.stream().map(Installed::sha256).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(directory)) {
      for (Path one : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        if (!wanted.contains(one.getFileName().toString().replace(".jar", ""))) {
          Files.delete(one);
        }
      }
    }
  }

  private Path file(String sha256) {
    return directory.resolve(sha256 + ".jar");
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void report(String code, String message) {
    events.report(Severity.ERROR, "remote/DEPLOY-V2", code, message);
  }
}
