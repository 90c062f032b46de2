package io.selvedge.remote.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {

  private static final long MOST = 16 << 20;

  @TempDir Path directory;
  private FileServer server;
  private Downloads downloads;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicInteger pauses = new AtomicInteger();

  @BeforeEach
  void serve() throws Exception {
    server = new FileServer();
    server.file = new byte[5_000_000];
    new Random(7).nextBytes(server.file);
    open();
  }

  private void open() throws IOException {
    downloads = new Downloads(directory, MOST, millis -> pauses.addAndGet(millis > 0 ? 1 : 0));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Job.Download job(URI uri, String digest, boolean force) {
    return new Job.Download(
        new Job(1, "pump", "1.0", new byte[0]),
        uri,
        Digest.parse(digest),
        Optional.empty(),
        65536,
        0,
        60_000,
        1 << 18,
        force,
        false);
  }

  private static String digest(byte[] bytes) throws Exception {
    return "SHA-256:"
        + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private Downloads.Fetched fetch() throws Exception {
    return fetch(job(server.uri("/file"), digest(server.file), false));
  }

  private Downloads.Fetched fetch(Job.Download job) throws Exception {
    return downloads.fetch(job, cancelled::get, (at, total) -> {});
  }

  /** The gateway ends amid a download, with so many bytes there. */
  private void stopsAfter(int bytes, String digest) {
    AtomicInteger seen = new AtomicInteger();
    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(
            () ->
                downloads.fetch(
                    job(server.uri("/file"), digest, false),
                    () -> seen.get() >= bytes,
                    (at, total) -> seen.set((int) at)));
  }

  @Test
  void aFileComesWholeAndIsFoundAgain() throws Exception {
    Downloads.Fetched fetched = fetch();
    assertThat(fetched.file()).hasBinaryContent(server.file);
    assertThat(fetched.fetched()).isEqualTo(5_000_000);
    Job job = new Job(2, "pump", "1.0", new byte[0]);
    assertThat(downloads.find(job, Optional.empty())).contains(fetched.file());
    assertThat(files()).containsExactly("pump-1.0.jar", "pump-1.0.jar.job");
    Files.write(fetched.file(), new byte[] {1}, StandardOpenOption.APPEND);
    assertThat(downloads.find(job, Optional.empty())).as("altered on disk").isEmpty();
  }

  @Test
  void cutsCostNothingButTheCutBytesOnTheirWay() throws Exception {
    server.cuts.addAll(List.of(100_000, 1, 0, 2_000_000, 77, 1_500_000, 3, 900_000, 8, 5));
    Downloads.Fetched fetched = fetch();
    assertThat(fetched.file()).hasBinaryContent(server.file);
    assertThat(fetched.fetched()).as("bytes, each once").isEqualTo(5_000_000);
    assertThat(server.requests).hasSize(11);
    assertThat(pauses.get()).isEqualTo(10);
  }

  @Test
  void aRestartGoesOnAndFetchesLessThanOneStepAgain() throws Exception {
    server.cuts.add(3_500_000);
    stopsAfter(3_400_000, digest(server.file));
    long part = Files.size(directory.resolve("pump-1.0.part"));
    assertThat(part).isGreaterThanOrEqualTo(3_400_000);
    open();
    Downloads.Fetched fetched = fetch();
    assertThat(fetched.file()).hasBinaryContent(server.file);
    assertThat(fetched.fetched() - (5_000_000 - part)).isBetween(0L, (long) HttpFetch.STEP);
    assertThat(server.requests.get(1)).isEqualTo("bytes=3145728-");
  }

  @Test
  void aTagThatTheDiskHasAlteredCostsThePartAndNoMore() throws Exception {
    for (String altered : List.of("\u0080", "\n", "\"")) {
      server.cuts.add(3_500_000);
      stopsAfter(3_400_000, digest(server.file));
      Files.writeString(
          directory.resolve("pump-1.0.part.tag"), "\"o" + altered + "e\"", ISO_8859_1);
      open();
      assertThat(fetch().file()).hasBinaryContent(server.file);
    }
  }

  @Test
  void aPartIsNeverAWholeOne() throws Exception {
    byte[] whole = server.file;
    String digest = digest(whole);
    server.file = Arrays.copyOf(whole, 4_000_000); // a server that has only a part itself
    assertThatExceptionOfType(DeployException.class)
        .isThrownBy(() -> fetch(job(server.uri("/file"), digest, false)))
        .withMessageContaining("has the digest [SHA-256:")
        .withMessageContaining("and the request says [" + digest + "]");
    assertThat(directory.resolve("pump-1.0.jar")).doesNotExist();
    assertThat(directory.resolve("pump-1.0.part")).doesNotExist();
  }

  @Test
  void aFileThatChangesOnTheServerIsFetchedAnew() throws Exception {
    String digest = digest(server.file);
    byte[] later = server.file;
    server.file = new byte[5_000_000];
    server.cuts.add(1_200_000);
    stopsAfter(1_100_000, digest);
    server.file = later;
    server.tag = "\"two\"";
    assertThat(fetch().file()).hasBinaryContent(later);
    assertThat(server.requests.get(1)).startsWith("bytes=");
  }

  @Test
  void aPartOfOtherBytesWithoutTagIsFoundOutByTheDigestAndFetchedOnceMore() throws Exception {
    server.tag = "W/\"weak\"";
    server.cuts.add(2_000_000);
    stopsAfter(1_900_000, digest(server.file));
    Path part = directory.resolve("pump-1.0.part");
    Files.write(part, new byte[(int) Files.size(part)]);
    Downloads.Fetched fetched = fetch();
    assertThat(fetched.file()).hasBinaryContent(server.file);
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void aServerWithoutRangesIsFetchedFromTheBeginning() throws Exception {
    server.ranges = false;
    server.cuts.add(1_000_000);
    Downloads.Fetched fetched = fetch();
    assertThat(fetched.file()).hasBinaryContent(server.file);
    assertThat(fetched.fetched()).isEqualTo(6_000_000);
  }

  @Test
  void aServerThatIsGoneIsGivenUpAndThePartStays() throws Exception {
    server.cuts.addAll(List.of(2_000_000, 0, 0, 0, 0, 0, 0, 0));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::fetch)
        .withMessageContaining("what is there is kept, ask again later");
    assertThat(directory.resolve("pump-1.0.part")).exists();
    server.cuts.clear();
    assertThat(fetch().fetched()).isEqualTo(3_000_000);
  }

  @Test
  void whatTheServerRefusesIsNotTriedAgain() throws Exception {
    for (int status : List.of(401, 403, 404, 410)) {
      server.status = status;
      assertThatExceptionOfType(DeployException.class)
          .isThrownBy(this::fetch)
          .withMessageContaining("HTTP status [" + status + "]");
    }
    assertThat(pauses.get()).isZero();
    server.status = 503;
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::fetch)
        .withMessageContaining("HTTP status [503]");
    assertThat(pauses.get()).isEqualTo(5);
  }

  @Test
  void aLoginIsSentAndARedirectFollowed() throws Exception {
    server.login = Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));
    Job.Download job = job(server.uri("/moved"), digest(server.file), false);
    Job.Download with =
        new Job.Download(
            job.job(),
            job.uri(),
            job.digest(),
            Optional.of("me:secret"),
            65536,
            0,
            60_000,
            1 << 18,
            false,
            false);
    assertThat(fetch(with).file()).hasBinaryContent(server.file);
  }

  /** To where nobody can be sure who answers, or to something inside that nobody should reach. */
  @Test
  void aRedirectToAnotherServerIsFollowedWithHttpsOnly() throws Exception {
    try (FileServer other = new FileServer()) {
      other.file = server.file;
      server.away = other.uri("/file").toString();
      assertThatExceptionOfType(DeployException.class)
          .isThrownBy(() -> fetch(job(server.uri("/away"), digest(server.file), false)))
          .withMessageContaining("redirects to [" + server.away + "]")
          .withMessageContaining("on the same server only, or to one with https");
      assertThat(other.requests).isEmpty();
      server.away = "file:///etc/passwd";
      assertThatExceptionOfType(DeployException.class)
          .isThrownBy(() -> fetch(job(server.uri("/away"), digest(server.file), false)));
    }
  }

  @Test
  void aFileThatIsTooLargeIsRefusedBeforeItComes() throws Exception {
    server.file = new byte[(int) MOST + 1];
    server.cuts.add(0);
    assertThatExceptionOfType(DeployException.class)
        .isThrownBy(this::fetch)
        .withMessageContaining("the file holds [16777217] bytes, and [16777216] are allowed");
  }

  @Test
  void forceFetchesAnew() throws Exception {
    fetch();
    fetch(job(server.uri("/file"), digest(server.file), true));
    assertThat(server.sent).hasValue(10_000_000);
  }

  @Test
  void fewFilesAreKept() throws Exception {
    server.file = new byte[] {1, 2, 3};
    for (int i = 0; i < 6; i++) {
      Job.Download job = job(server.uri("/file"), digest(server.file), false);
      fetch(
          new Job.Download(
              new Job(1, "p" + i, "1", new byte[0]),
              job.uri(),
              job.digest(),
              Optional.empty(),
              65536,
              0,
              60_000,
              1 << 18,
              false,
              false));
    }
    assertThat(files().stream().filter(name -> name.endsWith(".jar"))).hasSize(3);
  }

  private List<String> files() throws IOException {
    try (var all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
