package io.selvedge.hub;

import io.selvedge.testkit.Ports;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Servers of Debian's packages, on free loopback ports, for as long as a test takes. */
public final class Debian implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

  private final List<String> command;
  private final Path folder;
  private final int port;
  private Process process;

  private Debian(List<String> command, Path folder, int port) throws IOException {
    this.command = command;
    this.folder = folder;
    this.port = port;
    this.process = run(command, folder);
  }

  /**
   * Ends it at once, as a crash would: it and every process that it has started, none of which may
   * still be attached to what they share when it is started again.
   */
  void kill() throws IOException, InterruptedException {
    signal("-STOP", List.of(process.toHandle())); // that it starts no more
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }

  /** Stops it where it is, all its processes, or lets it go on. */
  void pause(boolean stop) throws IOException, InterruptedException {
    String what = stop ? "-STOP" : "-CONT";
    signal(what, List.of(process.toHandle())); // the first: a stopped one starts no more
    signal(what, process.descendants().toList());
  }

  private static void signal(String what, List<ProcessHandle> to)
      throws IOException, InterruptedException {
    if (to.isEmpty()) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("kill", what));
    to.forEach(one -> command.add(Long.toString(one.pid())));
    // One may have ended since it was listed; the others were signalled all the same.
    if (new ProcessBuilder(command).start().waitFor() != 0
        && to.stream().allMatch(ProcessHandle::isAlive)) {
      throw new IOException("not signalled: " + command);
    }
  }

  /** Starts it again on the same data. */
  void restart() throws Exception {
    Files.deleteIfExists(folder.resolve("data/postmaster.pid"));
    process = run(command, folder);
    Debian unused = await();
  }

  public int port() {
    return port;
  }

  /** Where the program is; empty where its package is not installed. */
  public static Optional<Path> program(String name) throws IOException {
    List<Path> places = new ArrayList<>(List.of(Path.of("/usr/sbin"), Path.of("/usr/bin")));
    Path postgres = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(postgres)) {
      try (Stream<Path> versions = Files.list(postgres)) {
        versions.sorted(Comparator.reverseOrder()).forEach(v -> places.add(v.resolve("bin")));
      }
    }
    return places.stream()
        .map(place -> place.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** An empty PostgreSQL; user hub, no password. */
  public static Debian postgres() throws Exception {
    Path folder = Files.createTempDirectory("hub-postgres");
    List<String> user = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) { // which PostgreSQL refuses to run as
      user.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
    }
    String data = folder.resolve("data").toString();
    List<String> initdb = new ArrayList<>(user);
    initdb.addAll(
        List.of(
            program("initdb").orElseThrow().toString(), "-D", data, "-U", "hub", "-A", "trust"));
    initdb.add("--no-sync");
    Process made = run(initdb, folder);
    if (!made.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS) || made.exitValue() != 0) {
      throw new IOException("initdb: " + Files.readString(folder.resolveSibling(log(folder))));
    }
    int port = Ports.free();
    List<String> server = new ArrayList<>(user);
    server.addAll(
        List.of(
            program("postgres").orElseThrow().toString(),
            "-D",
            data,
            "-p",
            Integer.toString(port)));
    server.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
    Debian postgres = new Debian(server, folder, port).await();
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end) { // it listens before it is ready
      try {
        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "hub", "")
            .close();
        return postgres;
      } catch (SQLException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    postgres.close();
    throw new TimeoutException("PostgreSQL does not let anyone in at port " + port);
  }

  /** A Mosquitto that lets everyone in; further lines of configuration. */
  static Debian mosquitto(String... more) throws Exception {
    Path folder = Files.createTempDirectory("hub-mosquitto");
    int port = Ports.free();
    Path config =
        Files.writeString(
            folder.resolve("mosquitto.conf"),
            "listener "
                + port
                + " 127.0.0.1\nallow_anonymous true\n"
                + String.join("\n", more)
                + "\n");
    List<String> server =
        List.of(program("mosquitto").orElseThrow().toString(), "-c", config.toString());
    return new Debian(server, folder, port).await();
  }

  private static Process run(List<String> command, Path folder) throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolveSibling(log(folder)).toFile())
        .start();
  }

  private static String log(Path folder) {
    return folder.getFileName() + ".log";
  }

  private Debian await() throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
        return this;
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    String said = Files.readString(folder.resolveSibling(log(folder)));
    close();
    throw new TimeoutException("server did not open port " + port + ": " + said);
  }

  private void killed() throws IOException {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      killed(); // it may be stopped
    }
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
    Files.deleteIfExists(folder.resolveSibling(log(folder)));
  }
}
