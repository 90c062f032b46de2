package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.device.Wakeup;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** A line that is read. Taken at the first call, and anew after its chip was away. */
final class LinuxInput implements GpioInput {

  private static final int FREE = -1;
  private static final int READ_AT_ONCE = 64;
  private static final long ROUND = 1L << Integer.SIZE;

  private final LineTaker taker;
  private final InputOptions options;
  private final Kernel kernel;
  private final Poller poller;
  private final Clock clock;
  private final Block values;
  private final Block events;
  private volatile Runnable listener = () -> {};
  private volatile Optional<Wakeup> wakeup = Optional.empty();

  // Taking and giving back happen under this lock, which the poll thread never needs.
  private final Object taking = new Object();
  private int fd = FREE;
  private volatile Optional<BusWaiting> bus = Optional.empty(); // none: the poll thread

  // Under its own lock: the poll thread adds, drivers take.
  private final Deque<Edge> edges = new ArrayDeque<>();
  private long base;
  private long last;
  private volatile boolean gone;

  LinuxInput(LineTaker taker, InputOptions options, Kernel kernel, Poller poller, Clock clock) {
    this.taker = taker;
    this.options = options;
    this.kernel = kernel;
    this.poller = poller;
    this.clock = clock;
    this.values = kernel.allocate(Abi.VALUES_SIZE);
    this.events = kernel.allocate(READ_AT_ONCE * Abi.EVENT_SIZE);
  }

  @Override
  public boolean read() throws BusException {
    synchronized (taking) {
      take();
      try {
        return taker.value(fd, values);
      } catch (Errno e) {
        throw failed(e);
      }
    }
  }

  @Override
  public List<Edge> drain() throws BusException {
    List<Edge> taken = takeEdges();
    if (!taken.isEmpty()) {
      return taken;
    }
    synchronized (taking) {
      take();
      if (bus.isEmpty()) {
        return taken;
      }
      try {
        fetch(fd); // nobody else has, while a driver is called
      } catch (Errno e) {
        throw failed(e);
      }
    }
    return takeEdges();
  }

  private List<Edge> takeEdges() {
    synchronized (edges) {
      if (edges.size() == 1) {
        return List.of(edges.remove());
      }
      List<Edge> taken = new ArrayList<>(edges);
      edges.clear();
      return taken;
    }
  }

  @Override
  public void onEdge(Runnable told) {
    tell(told, Optional.empty());
  }

  @Override
  public void wakes(Wakeup now) {
    tell(now::now, Optional.of(now));
  }

  /** What waits for a line that is taken already is another from now on, too. */
  private void tell(Runnable told, Optional<Wakeup> by) {
    if (by.equals(wakeup)) {
      listener = told;
      return;
    }
    synchronized (taking) {
      boolean watched = fd != FREE && options.edges() != InputOptions.Edges.NONE;
      if (watched) {
        unwatch();
      }
      listener = told;
      wakeup = by;
      if (watched) {
        try {
          watch(fd);
        } catch (Errno e) {
          gone = true; // the next call takes it anew, and says why it cannot
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (taking) {
      giveBack();
    }
    synchronized (edges) {
      edges.clear();
    }
  }

  private void take() throws BusException {
    if (gone) {
      giveBack();
    }
    if (fd != FREE) {
      return;
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(options.debounce().toNanos());
    fd = taker.take(flags(), micros == 0 ? 0 : Abi.ATTR_ID_DEBOUNCE, micros);
    synchronized (edges) {
      base = last;
    }
    if (options.edges() != InputOptions.Edges.NONE) {
      try {
        int watched = fd;
        Block one = kernel.allocate(Integer.BYTES);
        one.bytes.putInt(0, 1);
        kernel.ioctl(watched, Abi.FIONBIO, one); // the poll thread must never wait in a read
        watch(watched);
      } catch (Errno e) {
        giveBack();
        throw e.as(taker.where());
      }
    }
  }

  private void watch(int watched) throws Errno {
    IntConsumer ready = what -> ready(watched, what);
    Wakeup now = wakeup.orElse(null);
    bus = now == null ? Optional.empty() : BusWaiting.watch(kernel, now, watched, ready);
    if (bus.isEmpty()) {
      poller.watch(watched, ready);
    }
  }

  private void giveBack() {
    gone = false;
    if (fd != FREE) {
      unwatch();
      kernel.close(fd);
      fd = FREE;
    }
  }

  private void unwatch() {
    BusWaiting by = bus.orElse(null);
    if (by == null) {
      poller.unwatch(fd);
    } else {
      by.release(wakeup.orElseThrow(), fd); // what it was watched with
      bus = Optional.empty();
    }
  }

  private BusException failed(Errno e) {
    if (e.isGone()) {
      giveBack();
    }
    return e.as(taker.where());
  }

  private long flags() {
    long edge =
        switch (options.edges()) {
          case NONE -> 0;
          case RISING -> Abi.FLAG_EDGE_RISING;
          case FALLING -> Abi.FLAG_EDGE_FALLING;
          case BOTH -> Abi.FLAG_EDGE_RISING | Abi.FLAG_EDGE_FALLING;
        };
    long pull =
        switch (options.pull()) {
          case AS_IS -> 0;
          case NONE -> Abi.FLAG_BIAS_DISABLED;
          case UP -> Abi.FLAG_BIAS_PULL_UP;
          case DOWN -> Abi.FLAG_BIAS_PULL_DOWN;
        };
    return Abi.FLAG_INPUT | edge | pull | (options.activeLow() ? Abi.FLAG_ACTIVE_LOW : 0);
  }

  /** Takes what the kernel has, so that its own buffer does not fill up. */
  private void fetch(int from) throws Errno {
    synchronized (edges) {
      try {
        int bytes = kernel.read(from, events, READ_AT_ONCE * Abi.EVENT_SIZE);
        long nanos = System.nanoTime();
        Instant now = clock.instant();
        for (int at = 0; at + Abi.EVENT_SIZE <= bytes; at += Abi.EVENT_SIZE) {
          edges.add(edge(at, now, nanos));
          if (edges.size() > MOST_EDGES) {
            edges.remove();
          }
        }
      } catch (Errno e) {
        if (e.number != Errno.EAGAIN && e.number != Errno.EINTR) {
          throw e;
        }
      }
    }
  }

  /** On the thread that waits for edges: the poll thread, or that of the bus. */
  private void ready(int from, int what) {
    try {
      fetch(from);
    } catch (Errno e) {
      // The chip has gone. Wait for it no more, or the kernel would tell us without end.
      gone = true; // first: once nobody waits for it, another thread may take the line anew
      bus.ifPresentOrElse(mine -> mine.stop(from), () -> poller.unwatch(from));
    }
    if ((what & Abi.POLLNVAL) != 0) {
      gone = true;
    }
    listener.run();
  }

  private Edge edge(int at, Instant now, long nanos) {
    long stamp = events.bytes.getLong(at + Abi.EVENT_TIMESTAMP);
    boolean rising = events.bytes.getInt(at + Abi.EVENT_ID) == Abi.EVENT_RISING;
    long number = base + Integer.toUnsignedLong(events.bytes.getInt(at + Abi.EVENT_LINE_SEQNO));
    if (number < last) { // the kernel counts in 32 bits
      base += ROUND;
      number += ROUND;
    }
    last = number;
    // The kernel stamps with the clock that System.nanoTime() reads, too.
    return new Edge(rising, stamp, now.minusNanos(nanos - stamp), last);
  }
}
