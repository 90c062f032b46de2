package io.selvedge.hub.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.hub.store.BlockLists;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.FileContent;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.BlockData;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.BlockRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockStreamsTest {

  private record Sent(String gateway, String session, byte[] message) {}

  private final byte[] content = new byte[1 << 20];
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final Semaphore gate = new Semaphore(0);
  private volatile boolean gone;
  private Database database;
  private ContentStore files;
  private BlockLists lists;
  private BlockStreams streams;
  private String file = "";
  private String listName = "";
  private BlockList list;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    new Random(1).nextBytes(content);
    database = Database.embedded(folder.resolve("store"));
    files = new FileContent(Files.createDirectories(folder.resolve("artifacts")));
    file = files.add(new ByteArrayInputStream(content)).sha256();
    lists = new BlockLists(database, files);
    listName = lists.of(file).orElseThrow();
    list = lists.read(listName).orElseThrow();
    streams =
        new BlockStreams(
            files,
            lists,
            (gateway, session, message) -> {
              gate.acquire();
              if (gone) {
                gone = false;
                return false;
              }
              return sent.add(new Sent(gateway, session, message));
            });
    streams.start();
  }

  @AfterEach
  void close() {
    streams.close();
    database.close();
  }

  @Test
  void allThatIsAskedForComesInOrder() throws Exception {
    gate.release(1000);
    assertThat(streams.ask("gw-1", request("s1", 1, 0, list.count())).code()).isEqualTo(200);

    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < content.length) {
      Sent one = next();
      assertThat(one.gateway()).isEqualTo("gw-1");
      assertThat(one.message().length).isLessThan(100 << 10);
      for (BlockData.Block block : BlockData.blocks(one.message(), list)) {
        byte[] bytes = new byte[block.bytes().remaining()];
        block.bytes().get(bytes);
        all.writeBytes(bytes);
      }
    }
    assertThat(all.toByteArray()).isEqualTo(content);
  }

  @Test
  void onlyWhatIsWantedIsSent() throws Exception {
    gate.release(1000);
    BitSet wanted = new BitSet();
    wanted.set(1);
    wanted.set(3);
    streams.ask("gw-1", new BlockRequest(file, listName, "s1", 7, 2, wanted));

    Sent first = next();
    assertThat(BlockData.number(first.message())).isEqualTo(7);
    BitSet came = new BitSet();
    BlockData.blocks(first.message(), list).forEach(block -> came.set(block.index()));
    if (came.cardinality() < 2) {
      BlockData.blocks(next().message(), list).forEach(block -> came.set(block.index()));
    }
    assertThat(came.stream()).containsExactly(3, 5);
  }

  @Test
  void gatewaysTakeTurns() throws Exception {
    streams.ask("gw-1", request("a", 1, 0, list.count()));
    streams.ask("gw-2", request("b", 1, 0, list.count()));
    gate.release(8);

    List<String> turns =
        List.of(next(), next(), next(), next(), next(), next()).stream()
            .map(Sent::gateway)
            .toList();
    assertThat(turns.subList(1, 5)).contains("gw-1", "gw-2");
    assertThat(turns.stream().filter("gw-2"::equals).count()).isBetween(2L, 4L);
  }

  @Test
  void aNewSessionEndsTheOneBefore() throws Exception {
    streams.ask("gw-1", request("old", 1, 0, list.count()));
    gate.release(1);
    assertThat(next().session()).isEqualTo("old");

    streams.ask("gw-1", request("new", 1, 0, 3));
    gate.release(1000);

    // One message of the old session may have been made already.
    Sent one = next();
    Sent then = one.session().equals("old") ? next() : one;
    assertThat(then.session()).isEqualTo("new");
    while (true) {
      Sent more = sent.poll(300, TimeUnit.MILLISECONDS);
      if (more == null) {
        break;
      }
      assertThat(more.session()).isEqualTo("new");
    }
  }

  @Test
  void withoutAConnectionTheRestIsForgottenAndTheNextRequestIsServed() throws Exception {
    gone = true;
    streams.ask("gw-1", request("s1", 1, 0, list.count()));
    gate.release(1);
    while (gone) {
      Thread.onSpinWait();
    }
    // One thread sends all: what it sends to another gateway comes after the end of this turn.
    streams.ask("gw-2", request("s2", 1, 0, 1));
    gate.release(1000);
    assertThat(next().gateway()).isEqualTo("gw-2");

    streams.ask("gw-1", request("s1", 2, 0, 1));
    assertThat(BlockData.number(next().message())).isEqualTo(2);
  }

  @Test
  void whatIsNotHereOrNotInTheFileIsRefused() {
    BitSet one = new BitSet();
    one.set(0);
    assertThat(streams.ask("gw-1", new BlockRequest(file, "0".repeat(64), "s", 1, 0, one)).code())
        .isEqualTo(404);
    assertThat(
            streams.ask("gw-1", new BlockRequest("0".repeat(64), listName, "s", 1, 0, one)).code())
        .isEqualTo(404);
    assertThat(streams.ask("gw-1", new BlockRequest(file, file, "s", 1, 0, one)).code())
        .as("a file that is no list")
        .isEqualTo(404);
    assertThat(streams.ask("gw-1", request("s", 1, list.count(), 1)).message())
        .contains("is not one of the file's");
    for (int i = 0; i < 16; i++) {
      streams.ask("gw-1", request("s", i, 0, 1));
    }
    assertThat(
            List.of(
                streams.ask("gw-1", request("s", 17, 0, 1)).code(),
                streams.ask("gw-1", request("s", 18, 0, 1)).code()))
        .contains(500);
  }

  @Test
  void aListIsMadeOnceAndSmallFilesNeedNone() throws Exception {
    assertThat(new BlockLists(database, files).of(file)).contains(listName);
    assertThat(lists.of("0".repeat(64))).isEmpty();
    String small = files.add(new ByteArrayInputStream(new byte[100])).sha256();
    Artifact artifact =
        new Artifact(
            Artifact.Kind.BUNDLE,
            "b",
            "1",
            List.of(
                new Artifact.File("bundle.jar", file, content.length),
                new Artifact.File("note.json", small, 100)));

    var sources = new Sources(lists, Optional.of("https://files.example/x")).of(List.of(artifact));

    assertThat(sources.get(file))
        .isEqualTo(
            new Source(
                "application/java-archive",
                Optional.of(new Source.Blocks(65536, listName)),
                Optional.of("https://files.example/x/" + file)));
    assertThat(sources.get(small))
        .isEqualTo(new Source("application/json", Optional.empty(), Optional.empty()));
  }

  private BlockRequest request(String session, int number, int first, int count) {
    BitSet wanted = new BitSet();
    wanted.set(0, count);
    return new BlockRequest(file, listName, session, number, first, wanted);
  }

  private Sent next() throws InterruptedException {
    Sent one = sent.poll(20, TimeUnit.SECONDS);
    assertThat(one).as("a message within 20 s").isNotNull();
    return one;
  }
}
