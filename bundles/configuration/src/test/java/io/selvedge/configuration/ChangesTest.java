package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selvedge.api.configuration.Snapshot;
import io.selvedge.api.configuration.Snapshots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {

  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void configure() throws IOException {
    bench = new Bench(directory);
    bench.put("a.cfg", "# mine\nx = 1\n");
    bench.put("b-hall.cfg", "y = 1\npassword = geheim\n");
  }

  @Test
  void aSnapshotSaysWhatDiffersFromTheOneBefore() throws Exception {
    Changes changes = bench.open(new Durable());
    assertThat(changes.take().why()).isEqualTo("as it was found");
    assertThat(changes.take()).as("nothing changed").isEqualTo(changes.list().get(0));
    bench.put("a.cfg", "x = 2\n");
    bench.put("c.cfg", "");
    Files.delete(bench.conf.resolve("b-hall.cfg"));
    assertThat(changes.take().why()).isEqualTo("a.cfg changed, b-hall.cfg is gone, c.cfg is new");
    assertThat(changes.list()).hasSize(2);
    assertThat(changes.list().get(0).id()).isGreaterThan(changes.list().get(1).id());
  }

  @Test
  void aRollbackBringsFilesBackAndTakesNewOnesAway() throws Exception {
    Changes changes = bench.open(new Durable());
    long first = changes.take().id();
    bench.put("a.cfg", "x = 2\n");
    bench.put("c.cfg", "z = 1\n");
    Files.delete(bench.conf.resolve("b-hall.cfg"));
    Snapshot back = changes.rollback(first, "rolled back by the hub");
    assertThat(bench.text("a.cfg")).isEqualTo("# mine\nx = 1\n");
    assertThat(bench.text("b-hall.cfg")).contains("geheim");
    assertThat(bench.conf.resolve("c.cfg")).doesNotExist();
    assertThat(back.why()).isEqualTo("rolled back by the hub");
    assertThat(changes.list()).as("before, between and after").hasSize(3);
    assertThat(changes.list().get(1).why()).isEqualTo("before: rolled back by the hub");
    assertThat(bench.events.codes()).containsExactly("configuration.rolled_back");
  }

  /** Config Admin's event of a value that was read before comes amid the change. */
  @Test
  void aLateEventDoesNotEndTheWaitForWhatIsBeingWritten() throws Exception {
    Durable disk =
        new Durable() {
          @Override
          void rename(Path beside, Path file) throws IOException {
            if (file.endsWith("a.cfg")) {
              bench.settling.settled(bench.url("a.cfg")); // they agreed, as it came
            }
            super.rename(beside, file);
          }
        };
    bench.fileInstallReads = false;
    bench
        .open(disk)
        .write(Map.of("a.cfg", "x = 3\n".getBytes(StandardCharsets.UTF_8)), Set.of(), "a test");
    assertThat(bench.settling.waits(bench.url("a.cfg"))).as("old values are not kept").isTrue();
  }

  @Test
  void aRollbackToWhatIsNotThereNamesWhatIs() throws Exception {
    Changes changes = bench.open(new Durable());
    long id = changes.take().id();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> changes.rollback(7, "by test"))
        .withMessage("snapshot [7] is not here; there are [" + id + "]");
  }

  @Test
  void anUpdateKeepsCommentsOtherValuesAndPasswordsThatAreMasked() throws Exception {
    Changes changes = bench.open(new Durable());
    changes.update(
        Map.of(
            "a", Map.of("z", 3),
            "b~hall", Map.of("y", 2, "password", Snapshots.MASK),
            "d~new", Map.of("n", 7)),
        "by test");
    assertThat(bench.text("a.cfg")).isEqualTo("# mine\nx = 1\nz = 3\n");
    assertThat(bench.text("b-hall.cfg")).isEqualTo("y = 2\npassword = geheim\n");
    assertThat(bench.text("d-new.config")).contains("n=I\"7\"");
  }

  @Test
  void passwordsAreNeverShown() throws Exception {
    Changes changes = bench.open(new Durable());
    bench.put(
        "vault.cfg",
        "combination: 4711\ncombination.length = 4\npin = 12\nempty.token =\n#.token = 815\n");
    bench.put("typed.config", ".token=\"ssh\"\nn=I\"3\"\napi.key=\"k\"\n");
    long id = changes.take().id();
    assertThat(changes.texts(id).orElseThrow()).isEqualTo(changes.texts());
    assertThat(changes.texts().toString())
        .doesNotContain("geheim", "4711", "12", "815", "ssh", "\"k\"")
        .contains("combination.length = 4", "# mine", "I\"3\"", "empty.token =");
    assertThat(changes.values(id).orElseThrow().get("b~hall"))
        .isEqualTo(Map.of("y", "1", "password", Snapshots.MASK));
    assertThat(changes.isSecret("m", "password.file")).as("a file's name").isFalse();
    assertThat(Files.getPosixFilePermissions(bench.data.resolve("snapshots/" + id + ".zip")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void onlyFilesOfConfigurationsAreWritten() throws Exception {
    Changes changes = bench.open(new Durable());
    for (String name : List.of("../a.cfg", "a.json", ".a.cfg", "x/y.cfg", "")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> changes.write(Map.of(name, new byte[0]), Set.of(), "by test"))
          .withMessageStartingWith("file [" + name + "] must be named PID.cfg");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> changes.write(Map.of(), Set.of(name), "by test"));
    }
  }

  @Test
  void aDamagedNewestFallsBackToTheOneBeforeWithAnAlarm() throws Exception {
    Changes changes = bench.open(new Durable());
    long good = changes.take().id();
    bench.put("a.cfg", "x = 2\n");
    long torn = changes.take().id();
    Path file = bench.data.resolve("snapshots/" + torn + ".zip");
    byte[] whole = Files.readAllBytes(file);
    for (int cut : List.of(0, 1, whole.length / 2)) {
      Files.write(file, java.util.Arrays.copyOf(whole, cut));
      Changes again = bench.open(new Durable());
      assertThat(again.list()).extracting(Snapshot::id).as("cut at " + cut).containsExactly(good);
      assertThat(bench.events.codes()).containsExactly("damaged");
      bench.events.all.clear();
      assertThat(file).as("put aside").doesNotExist();
      assertThat(bench.data.resolve("snapshots/" + torn + ".damaged")).exists();
    }
    byte[] altered = whole.clone();
    altered[60] ^= 1;
    Files.write(file, altered);
    assertThat(bench.open(new Durable()).list()).extracting(Snapshot::id).containsExactly(good);
  }

  /** Else each try would leave one more file on a disk that is full already. */
  @Test
  void whatCannotBeWrittenLeavesNothingBehind() throws Exception {
    boolean[] full = {false};
    Changes changes =
        bench.open(
            new Durable() {
              @Override
              void writeBeside(Path beside, byte[] content, Set<PosixFilePermission> permissions)
                  throws IOException {
                super.writeBeside(beside, content, permissions);
                if (full[0]) {
                  throw new IOException("No space left on device");
                }
              }
            });
    long good = changes.take().id();
    full[0] = true;
    bench.put("a.cfg", "x = 2\n");
    assertThatIOException().isThrownBy(changes::take).withMessage("No space left on device");
    try (var files = Files.list(bench.data.resolve("snapshots"))) {
      assertThat(files).containsExactly(bench.data.resolve("snapshots/" + good + ".zip"));
    }
    assertThat(changes.list()).extracting(Snapshot::id).containsExactly(good);
    full[0] = false;
    assertThat(changes.take().id()).isGreaterThan(good);
  }

  @Test
  void soManyAndSoManyBytesAreKept() throws Exception {
    Changes few = bench.open(new Durable(), 3, 1 << 20);
    for (int i = 0; i < 6; i++) {
      bench.put("a.cfg", "x = " + i + "\n");
      few.take();
    }
    assertThat(few.list()).hasSize(3);
    assertThat(bench.open(new Durable(), 3, 1).list()).hasSize(3);
    Changes small = bench.open(new Durable(), 3, 1);
    bench.put("a.cfg", "x = 9\n");
    small.take();
    assertThat(small.list()).as("the newest always stays").hasSize(1);
  }

  @Test
  void aChangeIsWholeOrNotThereWheneverTheProgramIsKilled() throws Exception {
    int kills = 0;
    for (int killAt = 1; ; killAt++) {
      Bench one = new Bench(directory.resolve("kill-" + killAt));
      one.put("a.cfg", "old\n");
      one.put("b.cfg", "old\n");
      one.put("gone.cfg", "old\n");
      long old = one.open(new Durable()).take().id();
      CutDisk disk = new CutDisk(killAt);
      boolean killed = false;
      try {
        one.open(disk)
            .write(
                Map.of("a.cfg", utf8("new\n"), "b.cfg", utf8("new\n"), "c.cfg", utf8("new\n")),
                Set.of("gone.cfg"),
                "by test");
      } catch (CutDisk.Killed e) {
        killed = true;
      }
      Changes after = one.open(new Durable());
      after.recover();
      String now = state(one);
      assertThat(now)
          .as("killed at step " + killAt)
          .isIn("a=old b=old gone=old", "a=new b=new c=new");
      if (!killed) {
        assertThat(now).isEqualTo("a=new b=new c=new");
        assertThat(disk.steps).isEqualTo(killAt - 1);
        break;
      }
      kills++;
      assertThat(one.data.resolve("journal.zip")).doesNotExist();
      assertThat(one.open(new Durable()).list()).extracting(Snapshot::id).contains(old);
      after.rollback(old, "by test");
      assertThat(state(one)).as("rolled back").isEqualTo("a=old b=old gone=old");
    }
    assertThat(kills).as("every step was one at which it was killed").isGreaterThan(15);
  }

  @Test
  void aRecoveryThatIsKilledItselfIsDoneByTheNextOne() throws Exception {
    bench.open(new Durable()).take();
    Transaction transaction =
        new Transaction(bench.conf, bench.data.resolve("journal.zip"), new Durable());
    for (int killAt = 1; killAt < 30; killAt++) {
      bench.put("a.cfg", "old");
      bench.put("b-hall.cfg", "old");
      transaction.begin(
          new Transaction.Plan(
              Map.of("a.cfg", utf8("new"), "b-hall.cfg", utf8("new")), Set.of("no.cfg"), "by x"));
      try {
        bench.open(new CutDisk(killAt)).recover();
      } catch (CutDisk.Killed e) {
        bench.open(new Durable()).recover();
      }
      assertThat(bench.text("a.cfg") + bench.text("b-hall.cfg")).isEqualTo("newnew");
      assertThat(bench.data.resolve("journal.zip")).doesNotExist();
    }
    assertThat(bench.events.codes()).containsOnly("configuration.recovered");
  }

  @Test
  void aJournalThatCannotBeReadChangesNothing() throws Exception {
    Path journal = bench.data.resolve("journal.zip");
    Files.createDirectories(bench.data);
    Files.writeString(journal, "no zip");
    bench.open(new Durable()).recover();
    assertThat(bench.text("a.cfg")).isEqualTo("# mine\nx = 1\n");
    assertThat(bench.events.codes()).containsExactly("configuration.journal_damaged");
    assertThat(journal).doesNotExist();
  }

  @Test
  void aFileThatIsNoConfigurationIsNamed() throws Exception {
    Files.write(bench.conf.resolve("huge.cfg"), new byte[(1 << 20) + 1]);
    Changes changes = bench.open(new Durable());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(changes::take)
        .withMessageStartingWith("file [huge.cfg] holds more than [1048576] bytes");
  }

  private static String state(Bench bench) throws IOException {
    StringBuilder state = new StringBuilder();
    for (var one : new ConfigurationFiles(bench.conf).contents().entrySet()) {
      state
          .append(one.getKey().replace(".cfg", "="))
          .append(new String(one.getValue(), StandardCharsets.UTF_8).strip())
          .append(' ');
    }
    return state.toString().strip();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
