package io.selvedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.DataUtils;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** Writes until it is killed, and says each time what it has written. */
  static final class Writer {

    private static final int ROWS = 2000; // more than H2 keeps back

    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      try (Database database = Database.embedded(Path.of(arguments[0]))) {
        Claims claims = new Claims(database);
        for (int number = 0; ; number++) {
          if (number % 10 == 9) {
            String large = "many" + number;
            database.jdbi().useTransaction(h -> insert(h, large));
            System.out.println(large);
          } else {
            claims.claim("one", "one" + number);
            System.out.println("one" + number);
          }
        }
      }
    }

    private static void insert(Handle h, String name) {
      for (int i = 0; i < ROWS; i++) {
        claim(h, name, Integer.toString(i));
      }
    }
  }

  private static void claim(Handle h, String requester, String request) {
    h.execute(
        "insert into claims (requester, request, claimed_at) values (?, ?, current_timestamp)",
        requester,
        request);
  }

  @Test
  void whatWasCommittedOutlivesTheKillOfItsProcess(@TempDir Path folder) throws Exception {
    for (int lines : new int[] {1, 9, 10, 33}) {
      Path directory = folder.resolve("store" + lines);
      String last = writtenBeforeTheKill(directory, lines);
      try (Database database = Database.embedded(directory)) {
        long rows =
            database
                .jdbi()
                .withHandle(
                    h ->
                        h.createQuery(
                                "select count(*) from claims where requester = :last"
                                    + " or request = :last")
                            .bind("last", last)
                            .mapTo(Long.class)
                            .one());
        assertThat(rows).as(last).isEqualTo(last.startsWith("one") ? 1 : Writer.ROWS);
      }
    }
  }

  private static String writtenBeforeTheKill(Path directory, int lines) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Writer.class.getName(),
                    directory.toString()))
            .redirectError(directory.resolveSibling("error").toFile())
            .start();
    String last = "";
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int read = 0;
      String line;
      while (read < lines && (line = out.readLine()) != null) {
        if (line.startsWith("one") || line.startsWith("many")) { // the others are the diary's
          last = line;
          read++;
        }
      }
      assertThat(read).as(Files.readString(directory.resolveSibling("error"))).isEqualTo(lines);
    } finally {
      process.destroyForcibly().waitFor();
    }
    return last;
  }

  /** The size of a file tells it only after minutes. */
  @Test
  void h2ReclaimsTheRoomOfWhatIsGone(@TempDir Path folder) throws Exception {
    String former = "jdbc:h2:file:" + folder.resolve("hub") + ";WRITE_DELAY=0"; // is kept in it
    DriverManager.getConnection(former + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE").close();
    try (Database database = Database.embedded(folder)) {
      assertThat(database.answers()).isTrue();
      assertThat(writers(folder)).hasSize(1);
    }
  }

  /** H2 gives up its file when a disk is full, and all connections with it. */
  @Test
  void itGoesOnAfterAWriteHasFailed(@TempDir Path folder) throws Exception {
    try (Database database = Database.embedded(folder)) {
      Claims claims = new Claims(database);
      assertThat(claims.claim("one", "before")).isTrue();
      assertThatThrownBy(() -> database.jdbi().useHandle(EmbeddedDatabaseTest::breakStore))
          .hasStackTraceContaining("no room");
      eventually(() -> claims.claim("one", "after")); // true or false: it may have been written
      assertThat(claims.claim("one", "before")).isFalse();
      assertThat(claims.claim("one", "then")).isTrue();
    }
    assertThat(writers(folder)).isEmpty();
  }

  private static void breakStore(Handle h) throws SQLException {
    FileCommits.store(h.getConnection())
        .panic(DataUtils.newMVStoreException(DataUtils.ERROR_WRITING_FAILED, "no room"));
  }

  private static void eventually(Runnable work) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        work.run();
        return;
      } catch (JdbiException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** H2's threads that write to a database in the folder. */
  private static List<String> writers(Path folder) {
    String name = "MVStore background writer " + folder.toAbsolutePath().resolve("hub.mv.db");
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name::equals)
        .toList();
  }
}
