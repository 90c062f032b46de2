package io.selvedge.bus.pi4j.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A GPIO chip behind version 2 of the kernel's interface. Offsets are written out here once more,
 * as {@code linux/gpio.h} gives them, so that a wrong one in the product is found.
 */
final class FakeChip implements FakeKernel.Device {

  private final FakeKernel kernel;
  private final String label;
  final boolean[] high;
  final @Nullable Line[] taken;
  final List<String> requests = new ArrayList<>();
  private boolean gone;

  FakeChip(FakeKernel kernel, String label, int lines) {
    this.kernel = kernel;
    this.label = label;
    this.high = new boolean[lines];
    this.taken = new Line[lines];
  }

  /** The chip is unplugged: all that is open of it fails, and says so to whoever waits. */
  void unplug() {
    synchronized (kernel) {
      gone = true;
      kernel.changed();
    }
  }

  /** So many edges of a line that is taken were counted; as the kernel does, in 32 bits. */
  void counted(int line, int edges) {
    synchronized (kernel) {
      Line holder = taken[line];
      if (holder != null) {
        holder.sequence = edges;
      }
    }
  }

  /** Drives a line from outside; an edge that is asked for is noted with this time stamp. */
  void drive(int line, boolean level, long nanos) {
    synchronized (kernel) {
      high[line] = level;
      Line holder = taken[line];
      if (holder != null) {
        holder.edge(level, nanos);
      }
    }
    kernel.changed();
  }

  @Override
  public FakeKernel.File open() throws Errno {
    if (gone) {
      throw new Errno(Errno.ENODEV);
    }
    return (request, argument, number) -> {
      synchronized (kernel) {
        if (gone) {
          throw new Errno(Errno.ENODEV);
        }
        chip(request, argument);
      }
    };
  }

  private void chip(long request, Block block) throws Errno {
    if (request == 0x8044B401L) { // GPIO_GET_CHIPINFO_IOCTL
      put(block, 0, "gpiochip0");
      put(block, 32, label);
      block.bytes.putInt(64, high.length);
    } else if (request == 0xC100B405L) { // GPIO_V2_GET_LINEINFO_IOCTL
      int line = block.bytes.getInt(64);
      put(block, 0, "GPIO" + line);
      put(block, 32, taken[line] == null ? "" : taken[line].consumer);
      block.bytes.putLong(72, taken[line] == null ? 0 : 1);
    } else if (request == 0xC250B407L) { // GPIO_V2_GET_LINE_IOCTL
      take(block);
    } else {
      throw new Errno(Errno.ENOTTY);
    }
  }

  private void take(Block block) throws Errno {
    int line = block.bytes.getInt(0);
    if (block.bytes.getInt(560) != 1 || line >= high.length) {
      throw new Errno(Errno.EINVAL);
    }
    if (taken[line] != null) {
      throw new Errno(Errno.EBUSY);
    }
    long flags = block.bytes.getLong(288);
    String attributes = "";
    Line made = new Line(line, flags, block.text(256, 32));
    if (block.bytes.getInt(296) > 0) {
      attributes = attribute(made, block, 320);
    }
    requests.add(
        String.format(
            "line %d flags 0x%x%s buffer %d consumer %s",
            line, flags, attributes, block.bytes.getInt(564), made.consumer));
    taken[line] = made;
    block.bytes.putInt(588, kernel.add(made));
  }

  private String attribute(Line line, Block block, int at) throws Errno {
    int id = block.bytes.getInt(at);
    if (block.bytes.getLong(at + 16) != 1) {
      throw new Errno(Errno.EINVAL);
    }
    if (id == 2) { // GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES
      line.set((block.bytes.getLong(at + 8) & 1) != 0);
      return " value " + (block.bytes.getLong(at + 8) & 1);
    }
    if (id == 3) { // GPIO_V2_LINE_ATTR_ID_DEBOUNCE
      return " debounce " + block.bytes.getInt(at + 8);
    }
    throw new Errno(Errno.EINVAL);
  }

  private static void put(Block block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 32; i++) {
      block.bytes.put(at + i, i < bytes.length ? bytes[i] : 0);
    }
  }

  /** A line that was taken. */
  final class Line implements FakeKernel.File {
    final String consumer;
    private final int line;
    private final Deque<long[]> events = new ArrayDeque<>();
    private long flags;
    private int sequence;

    Line(int line, long flags, String consumer) {
      this.line = line;
      this.flags = flags;
      this.consumer = consumer;
    }

    private boolean activeLow() {
      return (flags & 2) != 0;
    }

    void set(boolean on) {
      high[line] = on != activeLow();
    }

    void edge(boolean level, long nanos) {
      boolean rising = level != activeLow();
      long wanted = rising ? 1 << 4 : 1 << 5;
      if ((flags & wanted) != 0) {
        events.add(new long[] {nanos, rising ? 1 : 2, ++sequence});
      }
    }

    @Override
    public void ioctl(long request, Block block, long number) throws Errno {
      synchronized (kernel) {
        if (gone) {
          throw new Errno(Errno.ENODEV);
        }
        if (request == 0xC010B40EL) { // GPIO_V2_LINE_GET_VALUES_IOCTL
          block.bytes.putLong(0, (high[line] != activeLow() ? 1 : 0) & block.bytes.getLong(8));
        } else if (request == 0xC010B40FL && (flags & 8) != 0) { // SET_VALUES, an output
          if ((block.bytes.getLong(8) & 1) != 0) {
            set((block.bytes.getLong(0) & 1) != 0);
          }
        } else if (request == 0xC110B40DL) { // GPIO_V2_LINE_SET_CONFIG_IOCTL
          flags = block.bytes.getLong(0);
          String attributes = block.bytes.getInt(8) > 0 ? attribute(this, block, 32) : "";
          requests.add(String.format("line %d becomes 0x%x%s", line, flags, attributes));
        } else {
          throw new Errno(Errno.EINVAL);
        }
      }
    }

    @Override
    public int read(Block into, int length) throws Errno {
      synchronized (kernel) {
        if (gone) {
          throw new Errno(Errno.ENODEV);
        }
        if (events.isEmpty()) {
          throw new Errno(Errno.EAGAIN);
        }
        int at = 0;
        while (!events.isEmpty() && at + 48 <= length) {
          long[] event = events.remove();
          into.bytes.putLong(at, event[0]);
          into.bytes.putInt(at + 8, (int) event[1]);
          into.bytes.putInt(at + 12, line);
          into.bytes.putInt(at + 16, (int) event[2]);
          into.bytes.putInt(at + 20, (int) event[2]);
          at += 48;
        }
        return at;
      }
    }

    @Override
    public int events() {
      synchronized (kernel) {
        return gone ? Abi.POLLERR | Abi.POLLHUP : events.isEmpty() ? 0 : Abi.POLLIN;
      }
    }

    @Override
    public void closed() {
      synchronized (kernel) {
        taken[line] = null;
      }
    }
  }
}
