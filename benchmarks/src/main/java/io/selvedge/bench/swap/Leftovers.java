package io.selvedge.bench.swap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * What a process holds: counted before and after, a difference is what was left behind.
 *
 * @param threads by their names without numbers
 * @param files open descriptors
 * @param loaders class loaders of bundles that are alive after a collection of all garbage
 * @param copies classes of drivers with instances of more than one loader: what was left behind
 */
record Leftovers(
    TreeMap<String, Integer> threads, int files, long loaders, TreeMap<String, Integer> copies) {

  private static final String LOADER =
      "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";

  static Leftovers of(long pid) throws IOException, InterruptedException {
    long loaders = 0;
    TreeMap<String, Integer> copies = new TreeMap<>();
    for (String line : jcmd(pid, "GC.class_histogram").split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 3 && words[3].startsWith(LOADER)) {
        loaders += Long.parseLong(words[1]);
      }
      if (words.length > 3 && words[3].startsWith("io.selvedge.driver.")) {
        copies.merge(words[3], 1, Integer::sum);
      }
    }
    copies.values().removeIf(count -> count == 1);
    if (loaders == 0) {
      throw new IOException("the gateway's class histogram shows no class loader of a bundle");
    }
    TreeMap<String, Integer> threads = new TreeMap<>();
    for (String line : jcmd(pid, "Thread.print").split("\n", -1)) {
      if (line.startsWith("\"") && line.contains("\" #")) {
        threads.merge(
            line.substring(1, line.indexOf("\" #")).replaceAll("\\d+", "N"), 1, Integer::sum);
      }
    }
    int files = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path unused : all) {
        files++;
      }
    }
    return new Leftovers(threads, files, loaders, copies);
  }

  /** Threads whose names begin as ours do: those of pools of others come and go. */
  int ownThreads() {
    return threads.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("selvedge-"))
        .mapToInt(java.util.Map.Entry::getValue)
        .sum();
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd [" + command + "] of process [" + pid + "]: " + output.strip());
    }
    return output;
  }
}
