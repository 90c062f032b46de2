package io.selvedge.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Looks at everything that a gateway needs from its machine and its instance; changes nothing. */
final class Doctor {

  private static final long MB = 1 << 20;
  private static final long NEEDED_DISK = 200 * MB;
  private static final long SCARCE_DISK = 1024 * MB;
  private static final long NEEDED_MEMORY = 150 * MB;
  private static final int NEWEST_TRIED_JAVA = 25;
  private static final Map<String, String> NATIVES =
      new TreeMap<>(Map.of("Linux amd64", "linux-x64", "Linux aarch64", "linux-aarch64"));

  /** Nothing that these programs write can be older. */
  private static final Instant OLDEST_TIME = Instant.parse("2026-01-01T00:00:00Z");

  private final Programs programs;
  private final Instance instance;
  private final OptionalInt givenPort;
  private final List<Finding> findings = new ArrayList<>();

  Doctor(Programs programs, Instance instance, OptionalInt givenPort) {
    this.programs = programs;
    this.instance = instance;
    this.givenPort = givenPort;
  }

  /** How bad a finding is. */
  enum Mark {
    OK,
    WARN,
    BAD
  }

  /**
   * One thing looked at.
   *
   * @param what the thing
   * @param text what was found, and what to do where it is not well
   */
  record Finding(Mark mark, String what, String text) {

    boolean isBad() {
      return mark == Mark.BAD;
    }

    String line() {
      return String.format(
          "%-4s  %-9s %s", mark.name().toLowerCase(java.util.Locale.ROOT), what, text);
    }
  }

  List<Finding> examine() throws Problem {
    findings.clear();
    java();
    natives();
    clock();
    memory();
    disk();
    writable();
    Optional<Settings> settings = settings();
    if (settings.isPresent()) {
      port(settings.get());
    }
    configuration();
    trust();
    findings.addAll(new DeviceFiles(Path.of("/"), programs.home()).examine());
    return List.copyOf(findings);
  }

  private void java() {
    int feature = Runtime.version().feature();
    String text = Runtime.version() + " in [" + System.getProperty("java.home") + "]";
    if (feature > NEWEST_TRIED_JAVA) {
      add(Mark.WARN, "java", text + "; newer than " + NEWEST_TRIED_JAVA + ", which was tried last");
    } else {
      add(Mark.OK, "java", text);
    }
  }

  /** ONNX Runtime comes for glibc on x86-64 and aarch64; without it, rules decide alone. */
  private void natives() throws Problem {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    String directory = NATIVES.getOrDefault(system, "");
    Optional<Path> runtime =
        programs.jars().stream()
            .map(Programs.Jar::jar)
            .filter(jar -> jar.getFileName().toString().contains("ai-runtime"))
            .findFirst();
    if (directory.isEmpty() || runtime.isEmpty() || musl()) {
      add(
          Mark.WARN,
          "natives",
          "no models on [" + system + "]: it needs glibc on " + NATIVES.keySet());
      return;
    }
    try (JarFile jar = new JarFile(runtime.get().toFile())) {
      boolean there = jar.stream().anyMatch(e -> e.getName().matches(".*" + directory + ".*\\.so"));
      add(there ? Mark.OK : Mark.BAD, "natives", "ONNX Runtime for [" + system + "]: " + there);
    } catch (IOException e) {
      add(Mark.BAD, "natives", "[" + runtime.get() + "] is damaged (" + e + "); unpack it anew");
    }
  }

  private static boolean musl() {
    return Stream.of("x86_64", "aarch64")
        .anyMatch(arch -> Files.exists(Path.of("/lib/ld-musl-" + arch + ".so.1")));
  }

  private void clock() {
    Instant now = Instant.now();
    if (now.isBefore(OLDEST_TIME)) {
      add(
          Mark.BAD,
          "clock",
          "[" + now + "] is before these programs were made: set the clock, or wait for NTP");
    } else {
      add(Mark.OK, "clock", now.toString());
    }
  }

  private void memory() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      long available =
          lines
                  .filter(line -> line.startsWith("MemAvailable:"))
                  .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                  .findFirst()
                  .orElse(0)
              * 1024;
      Mark mark = available < NEEDED_MEMORY ? Mark.WARN : Mark.OK;
      String rule = mark == Mark.OK ? "" : "; a gateway takes about " + NEEDED_MEMORY / MB + " MB";
      add(mark, "memory", available / MB + " MB available" + rule);
    } catch (IOException | NumberFormatException e) {
      add(Mark.WARN, "memory", "cannot be told here (" + e + ")");
    }
  }

  private void disk() {
    try {
      long free = Files.getFileStore(existing(instance.directory())).getUsableSpace();
      Mark mark = free < NEEDED_DISK ? Mark.BAD : free < SCARCE_DISK ? Mark.WARN : Mark.OK;
      String rule =
          mark == Mark.OK
              ? ""
              : "; programs cache and outbox want " + SCARCE_DISK / MB + " MB: free some";
      add(mark, "disk", free / MB + " MB free" + rule);
    } catch (IOException e) {
      add(Mark.BAD, "disk", "cannot be told (" + e + ")");
    }
  }

  private void writable() {
    Path directory = existing(instance.directory());
    if (Files.isDirectory(directory) && Files.isWritable(directory)) {
      String state = instance.exists() ? "" : " (new: made at the first start)";
      add(Mark.OK, "instance", "[" + instance.directory() + "] can be written" + state);
    } else {
      add(
          Mark.BAD,
          "instance",
          "[" + directory + "] cannot be written by this user; give another with --instance DIR");
    }
  }

  private static Path existing(Path path) {
    Path up = path;
    while (Files.notExists(up) && up.getParent() != null) {
      up = up.getParent();
    }
    return up;
  }

  private Optional<Settings> settings() {
    Path file =
        instance.exists() ? instance.settings() : programs.config().resolve("gateway.properties");
    try {
      Settings settings = Settings.read(file, "gateway");
      add(Mark.OK, "settings", "[" + file + "], gateway [" + settings.gatewayId() + "]");
      return Optional.of(settings);
    } catch (Problem e) {
      add(Mark.BAD, "settings", e.getMessage());
      return Optional.empty();
    }
  }

  private void port(Settings settings) {
    int port = givenPort.orElse(settings.port());
    try {
      Optional<Long> holder = instance.holder();
      if (holder.isPresent()) {
        add(Mark.OK, "port", "this gateway is running (process " + holder.get() + ")");
        return;
      }
      Ports.requireFree(settings.host(), port);
      add(Mark.OK, "port", "[" + settings.host() + ":" + port + "] is free");
    } catch (Problem e) {
      add(Mark.BAD, "port", e.getMessage());
    }
  }

  private void configuration() {
    List<Path> files = list(instance.conf(), ".cfg");
    int bad = 0;
    for (Path file : files) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        new Properties().load(reader);
      } catch (IOException | IllegalArgumentException e) {
        bad++;
        add(Mark.BAD, "config", "[" + file + "] cannot be read: " + e.getMessage() + "; mend it");
      }
    }
    if (bad == 0) {
      add(Mark.OK, "config", files.size() + " files read");
    }
  }

  private void trust() {
    List<Path> keys = list(instance.conf().resolve("trust"), ".pub");
    for (Path file : keys) {
      try {
        byte[] key = Base64.getMimeDecoder().decode(Files.readString(file));
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key));
      } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
        add(
            Mark.BAD,
            "trust",
            "[" + file + "] is not an Ed25519 public key (X.509, Base64); take the hub's anew");
        return;
      }
    }
    add(
        Mark.OK,
        "trust",
        keys.isEmpty() ? "no hub's key: no deployment is taken" : keys.size() + " key of a hub");
  }

  private static List<Path> list(Path directory, String end) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.getFileName().toString().endsWith(end)).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private void add(Mark mark, String what, String text) {
    findings.add(new Finding(mark, what, text));
  }
}
