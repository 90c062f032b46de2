package io.selvedge.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command of {@code ./selvedge bench}: has a working directory of its own, tells its figures
 * last, writes them as JSON where asked to. Exit code 0 where all figures keep to their limits,
 * else 1.
 */
public abstract class Bench implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Work on the disk that DIR is on; a directory made in it is deleted at the end. Default:"
              + " target/bench of the source tree.")
  private @Nullable Path dir;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON to FILE.")
  private @Nullable Path json;

  /**
   * Measures. Called once, on the main thread; may take its time. What it starts it ends, also when
   * it is interrupted by an exception.
   *
   * @param work an empty directory of its own, deleted afterwards
   * @param figures to which it adds at least one
   * @throws UsageException where the machine lacks something
   * @throws Exception where it could not measure
   */
  protected abstract void measure(Path work, Figures figures) throws Exception;

  @Override
  public final Integer call() throws Exception {
    String name = spec == null ? "" : spec.name();
    if (json != null) {
      requireWritable(json);
    }
    Path root = dir == null ? source().resolve("target/bench") : dir;
    Files.createDirectories(root);
    Path work = Files.createTempDirectory(root.toAbsolutePath(), name + "-");
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("began", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.putAll(Machine.facts(work));
    machine.put("load", Machine.load() + " at the beginning");
    Figures figures = new Figures(System.out);
    Thread end = new Thread(() -> deleteQuietly(work), "bench-delete");
    Runtime.getRuntime().addShutdownHook(end); // for Ctrl-C
    try {
      measure(work, figures);
    } finally {
      deleteQuietly(work);
      Runtime.getRuntime().removeShutdownHook(end);
    }
    machine.computeIfPresent(
        "load", (key, before) -> before + ", " + Machine.load() + " at the end");
    figures.print(machine);
    if (json != null) {
      write(json, figures.json(name, machine).toPrettyString());
    }
    return figures.pass() ? 0 : 1;
  }

  /** The source tree that {@code ./selvedge} stands in. */
  protected static Path source() {
    return Optional.ofNullable(System.getProperty("selvedge.source"))
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .orElseThrow(
            () ->
                new UsageException(
                    "system property selvedge.source [] is not set; start benches by ./selvedge"
                        + " bench"));
  }

  private static void requireWritable(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isWritable(directory) || Files.isDirectory(file)) {
      throw new UsageException(
          "file [" + file + "] cannot be written; give a file in a directory that exists");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path target = file.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.writeString(part, text + "\n");
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void deleteQuietly(Path directory) {
    try {
      delete(directory);
    } catch (IOException e) {
      System.err.println("[" + directory + "] is left behind: " + e.getMessage());
    }
  }

  /**
   * Deletes a directory with all that is in it, also where others delete in it at the same time.
   */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (why instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw why;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, @Nullable IOException why)
              throws IOException {
            if (why != null) {
              throw why;
            }
            Files.deleteIfExists(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
