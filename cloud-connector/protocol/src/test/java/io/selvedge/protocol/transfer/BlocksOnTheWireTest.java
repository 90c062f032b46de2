package io.selvedge.protocol.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlocksOnTheWireTest {

  private static final String FILE = "ab".repeat(32);
  private static final String LIST = "cd".repeat(32);

  private final byte[] content = new byte[300_000];
  private final BlockList list;

  BlocksOnTheWireTest() throws Exception {
    new Random(1).nextBytes(content);
    list = Chunker.list(new ByteArrayInputStream(content));
  }

  @Test
  void aListComesThroughAsItWas() {
    BlockList read = BlockList.parse(list.toBytes());

    assertThat(read.toBytes()).isEqualTo(list.toBytes());
    assertThat(read.size()).isEqualTo(300_000);
    assertThat(read.digest(0)).isEqualTo(list.digest(0));
    assertThat(read.offset(1)).isEqualTo(list.length(0));
  }

  @Test
  void whatIsNoListIsRefused() {
    byte[] bytes = list.toBytes();
    assertThatThrownBy(() -> BlockList.parse(new byte[0])).hasMessageContaining("[0]");
    assertThatThrownBy(() -> BlockList.parse(Arrays.copyOf(bytes, bytes.length - 1)))
        .hasMessageContaining("36 for each block");
    assertThatThrownBy(() -> BlockList.parse(new byte[44])).hasMessageContaining("SELVBLK1");
    byte[] tooLong = bytes.clone();
    tooLong[8] = 1;
    assertThatThrownBy(() -> BlockList.parse(tooLong)).hasMessageContaining("must have 1 to 65536");
  }

  @Test
  void aRequestNamesManyBlocks() {
    BitSet wanted = new BitSet();
    wanted.set(0);
    wanted.set(7, 900);
    BlockRequest request = new BlockRequest(FILE, LIST, "s1", 3, 40, wanted);

    assertThat(BlockRequest.isOne(request.toRequest())).isTrue();
    assertThat(BlockRequest.of(request.toRequest())).isEqualTo(request);
  }

  @Test
  void aRequestThatIsWrongSaysWhat() {
    BitSet one = new BitSet();
    one.set(0);
    Request good = new BlockRequest(FILE, LIST, "s1", 3, 40, one).toRequest();

    wrong(good, "list", Value.of("../x"), "[../x]");
    wrong(good, "list", Value.of(1L), "metric [list]");
    wrong(good, "session", Value.of("a/b"), "[a/b]");
    wrong(good, "session", Value.of("#"), "[#]");
    wrong(good, "number", Value.of(-1L), "metric [number]");
    wrong(good, "first", Value.of(1L << 40), "metric [first]");
    Request nothing = new Request(good.method(), good.resource(), good.metrics(), new byte[9]);
    assertThatThrownBy(() -> BlockRequest.of(nothing)).hasMessageContaining("must span 1 to");
    byte[] wide = new byte[(BlockRequest.MOST_SPAN >> 3) + 1];
    Arrays.fill(wide, (byte) -1);
    Request tooMany = new Request(good.method(), good.resource(), good.metrics(), wide);
    assertThatThrownBy(() -> BlockRequest.of(tooMany)).hasMessageContaining("must span 1 to");
    assertThat(BlockRequest.isOne(new Request(Request.Method.GET, FILE, Map.of(), new byte[0])))
        .isFalse();
  }

  private static void wrong(Request good, String metric, Value value, String says) {
    Map<String, Value> metrics = new HashMap<>(good.metrics());
    metrics.put(metric, value);
    Request bad = new Request(good.method(), good.resource(), metrics, good.body());
    assertThatThrownBy(() -> BlockRequest.of(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says);
  }

  @Test
  void aMessageCarriesSeveralBlocks() throws Exception {
    byte[] message = message(1, 2);

    assertThat(BlockData.number(message)).isEqualTo(9);
    List<BlockData.Block> blocks = BlockData.blocks(message, list);
    assertThat(blocks).extracting(BlockData.Block::index).containsExactly(1, 2);
    byte[] second = new byte[list.length(2)];
    blocks.get(1).bytes().get(second);
    int from = (int) list.offset(2);
    assertThat(second).isEqualTo(Arrays.copyOfRange(content, from, from + second.length));
  }

  @Test
  void blocksThatFollowEachOtherAreReadTogether() throws Exception {
    List<Integer> from = new ArrayList<>();
    byte[] message =
        BlockData.message(
            9,
            List.of(0, 2, 3, 4, 6),
            list,
            (block, into) -> {
              from.add(block);
              into.put(content, (int) list.offset(block), into.remaining());
            });

    assertThat(from).containsExactly(0, 2, 6);
    for (BlockData.Block block : BlockData.blocks(message, list)) {
      byte[] bytes = new byte[block.bytes().remaining()];
      block.bytes().get(bytes);
      int at = (int) list.offset(block.index());
      assertThat(bytes).isEqualTo(Arrays.copyOfRange(content, at, at + bytes.length));
    }
  }

  @Test
  void aMessageThatDoesNotFitTheListIsRefused() throws Exception {
    byte[] message = message(1, 2);
    assertThatThrownBy(() -> BlockData.blocks(Arrays.copyOf(message, message.length - 1), list))
        .hasMessageContaining("shorter than its blocks");
    assertThatThrownBy(() -> BlockData.blocks(Arrays.copyOf(message, message.length + 1), list))
        .hasMessageContaining("[1] bytes more");
    assertThatThrownBy(() -> BlockData.blocks(new byte[3], list))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] elsewhere = message.clone();
    elsewhere[8] = 77;
    assertThatThrownBy(() -> BlockData.blocks(elsewhere, list))
        .hasMessageContaining("is not one of the file's");
    byte[] many = new byte[8];
    many[4] = -1;
    many[5] = -1;
    assertThatThrownBy(() -> BlockData.blocks(many, list))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(BlockData.number(new byte[5])).isEqualTo(-1);
  }

  private byte[] message(Integer... indexes) throws IOException {
    return BlockData.message(
        9,
        List.of(indexes),
        list,
        (block, into) -> into.put(content, (int) list.offset(block), into.remaining()));
  }
}
