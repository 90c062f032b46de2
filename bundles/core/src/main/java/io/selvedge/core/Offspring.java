package io.selvedge.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Threads that the drivers of one bus have started: a thread is born into the group of the one that
 * starts it, so what is new in the bus's group after a call is the called driver's. Not so what is
 * the runtime's own, which has its duty for a name, and what a library runs for the whole process,
 * which has no class loader to load by.
 */
final class Offspring {

  private final ThreadGroup group;

  /** Whose a thread is, by the device's id; weakly, for threads end. */
  private final Map<Thread, String> parents = Collections.synchronizedMap(new WeakHashMap<>());

  private volatile int counted;

  /**
   * @param bus the bus's name
   */
  Offspring(String bus) {
    group = new ThreadGroup(lasting(), "selvedge-bus-" + bus);
  }

  /**
   * The group above all others. The one of whoever configures a device may end, and below one that
   * ends with its last thread, groups do so, too: no thread can be born into them then.
   */
  private static ThreadGroup lasting() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** A thread of the bus itself. */
  Thread worker(Runnable duty, String name) {
    Thread thread = new Thread(group, duty, name);
    thread.setDaemon(true);
    parents.put(thread, "");
    return thread;
  }

  /** A call into a driver begins: what is new until now is that of listeners, or nobody's. */
  void begin() {
    boolean unused = attribute("");
  }

  /**
   * A call into this device's driver has ended: what is new is its.
   *
   * @return false where the number of threads is as before
   */
  boolean attribute(String device) {
    int now = group.activeCount();
    if (now == counted) {
      return false;
    }
    counted = now;
    for (Thread thread : threads()) {
      parents.putIfAbsent(thread, isCommon(thread) ? "" : device);
    }
    return true;
  }

  private static boolean isCommon(Thread thread) {
    return thread.getName().startsWith("selvedge-") || thread.getContextClassLoader() == null;
  }

  /** Threads that this device's driver has started and that run. */
  List<String> of(String device) {
    List<String> names = new ArrayList<>();
    for (Thread thread : threads()) {
      if (device.equals(parents.get(thread))) {
        names.add(thread.getName());
      }
    }
    return names;
  }

  private List<Thread> threads() {
    Thread[] all = new Thread[group.activeCount() + 16]; // some may be born meanwhile
    int count = group.enumerate(all);
    List<Thread> threads = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      threads.add(all[i]);
    }
    return threads;
  }
}
