package io.selvedge.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What Linux tells of a process, in proc(5). */
public record ProcessFacts(long pid) {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on all Linux machines
  private static final int USER = 11;
  private static final int SYSTEM = 12;

  /** This process. */
  public static ProcessFacts own() {
    return new ProcessFacts(ProcessHandle.current().pid());
  }

  /** Processor time used so far, of all its threads, seconds. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    // the name in brackets may hold blanks; what follows it does not
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
  }

  /** Memory that is resident now, MiB. */
  public double residentMiB() throws IOException {
    return number(Path.of("/proc/" + pid + "/status"), "VmRSS:") / 1024.0;
  }

  public long threads() throws IOException {
    return number(Path.of("/proc/" + pid + "/status"), "Threads:");
  }

  /** How often its threads were woken so far: each switch away by choice is followed by one. */
  public long wakeUps() throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        try {
          sum += number(task.resolve("status"), "voluntary_ctxt_switches:");
        } catch (NoSuchFileException e) {
          // the thread has ended in the meantime
        }
      }
    }
    return sum;
  }

  private static long number(Path file, String key) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("[" + file + "] has no line [" + key + "]");
  }
}
