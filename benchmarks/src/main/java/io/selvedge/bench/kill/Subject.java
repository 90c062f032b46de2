package io.selvedge.bench.kill;

import io.selvedge.bench.Jars;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.injector.InjectorActivator;
import io.selvedge.outbox.SegmentDamage;
import io.selvedge.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A gateway under test: its process, its oracle, its disk. Either lean (outbox and connection
 * alone, on a disk whose power is cut with every kill) or as it is shipped.
 */
final class Subject implements AutoCloseable {

  private static final int DISK_MIB = 48;

  private final String id;
  private final Oracle oracle = new Oracle();
  private final Injection injection;
  private final Optional<SmallDisk> disk;
  private final Path data;
  private final Path undoLog;
  private final Program program;
  private final int http;

  /** How a kind of gateway is started. */
  private interface Command {
    List<String> of(Path directory, Path data, Path undoLog, int injectionPort) throws IOException;
  }

  private Subject(String id, Path work, boolean smallDisk, int http, Command command)
      throws IOException {
    this.id = id;
    this.http = http;
    Path directory = Files.createDirectories(work.resolve(id));
    data = directory.resolve("data");
    undoLog = work.resolve(id + ".undo");
    injection = new Injection(oracle);
    List<String> plain = command.of(directory, data, undoLog, injection.port());
    disk = smallDisk ? SmallDisk.mount(data, DISK_MIB) : Optional.empty();
    program =
        new Program(
            "gateway " + id,
            disk.map(its -> its.within(plain)).orElse(plain),
            Map.of("SELVEDGE_JAVA_OPTS", "-D" + InjectorActivator.PORT + "=" + injection.port()),
            work.resolve(id + ".out"));
  }

  /**
   * Outbox and connection alone.
   *
   * @param syncs false: forcing a file does nothing; then it must lose what it accepted
   */
  static Subject lean(String id, Path work, Chain chain, boolean syncs) throws IOException {
    return new Subject(
        id,
        work,
        syncs,
        0,
        (directory, data, undoLog, port) ->
            List.of(
                Program.java(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                LeanGateway.class.getName(),
                id,
                data.toString(),
                chain.address(),
                chain.password(),
                Integer.toString(port),
                undoLog.toString(),
                Boolean.toString(syncs)));
  }

  /** The distribution, with the injector dropped in. */
  static Subject shipped(String id, Path work, Chain chain, Path source) throws IOException {
    Path home = source.resolve("distribution/gateway/target/selvedge-gateway");
    if (!Files.isDirectory(home)) {
      throw new UsageException("gateway [" + home + "] is not built; run ./selvedge build");
    }
    int http = Ports.free();
    return new Subject(
        id,
        work,
        true,
        http,
        (directory, data, undoLog, port) -> {
          configure(directory, id, chain);
          return List.of(
              home.resolve("bin/selvedge").toString(),
              "run",
              "--instance",
              directory.toString(),
              "--port",
              Integer.toString(http));
        });
  }

  private static void configure(Path instance, String id, Chain chain) throws IOException {
    Path conf = Files.createDirectories(instance.resolve("conf"));
    Files.writeString(conf.resolve("gateway.properties"), "gateway.id=" + id + "\n");
    Files.writeString(
        conf.resolve("io.selvedge.mqtt.cfg"),
        String.join(
            "\n",
            "broker=" + chain.address(),
            "user=" + id,
            ".password=" + chain.password(),
            "longest.pause.seconds=1",
            "outbox.when.full=refuse-newest",
            ""));
    Files.write(
        Files.createDirectories(instance.resolve("deploy")).resolve("injector.jar"),
        Jars.bundle(
            InjectorActivator.class,
            "org.osgi.framework,io.selvedge.api.uplink,io.selvedge.api.device"));
  }

  String id() {
    return id;
  }

  Oracle oracle() {
    return oracle;
  }

  Injection injection() {
    return injection;
  }

  Program program() {
    return program;
  }

  /** Empty where this machine does not allow one. */
  Optional<SmallDisk> disk() {
    return disk;
  }

  void start() throws IOException {
    injection.expectNewProcess();
    program.start();
  }

  /**
   * SIGKILL; of a lean gateway the power is cut.
   *
   * @return sectors that the power cut took back
   */
  int kill(Random random) throws IOException, InterruptedException {
    program.kill();
    if (disk.isPresent() && disk.get().free()) {
      // What stood in a sector may need room again: a block that was freed since is still there on
      // the disk whose power went, but not in a full file system.
      int taken = UndoLog.cut(undoLog, root(), random);
      disk.get().fill();
      return taken;
    }
    return UndoLog.cut(undoLog, root(), random);
  }

  /** Alters a file of the outbox; the gateway must not run. */
  Optional<SegmentDamage.Hit> damage(Random random) throws IOException {
    Optional<SegmentDamage.Hit> hit = SegmentDamage.strike(seen().resolve("outbox"), random);
    hit.ifPresent(its -> oracle.damaged(its.numbers(), its.tail()));
    return hit;
  }

  /** Of a shipped gateway that is ready. */
  Injection.Counters statusByRest() throws IOException, InterruptedException {
    return GatewayStatus.read(http, Files.readString(seen().resolve("auth/sign-in")).strip());
  }

  /** The data directory from outside. */
  private Path seen() {
    return root().resolve(Path.of("/").relativize(data.toAbsolutePath()));
  }

  private Path root() {
    return disk.map(SmallDisk::root).orElse(Path.of("/"));
  }

  @Override
  public void close() throws IOException {
    program.close();
    injection.close();
    if (disk.isPresent()) {
      disk.get().close();
    }
  }
}
