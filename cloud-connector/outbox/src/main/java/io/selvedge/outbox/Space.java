package io.selvedge.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds room for new records, and makes some where there is none. The committing thread's own. */
final class Space {

  private final Store store;
  private final OutboxOptions options;
  private final Consumer<Segment> forget;

  /**
   * @param forget hears of a segment that is not to be written any more
   */
  Space(Store store, Consumer<Segment> forget) {
    this.store = store;
    this.forget = forget;
    options = store.options();
  }

  /** A file for a record of this lane and source; empty where nothing gives way to it. */
  Optional<Path> find(int lane, int source) throws IOException {
    Optional<Path> file = Optional.empty();
    Optional<IOException> full = Optional.empty();
    SegmentFiles files = store.files();
    try {
      file = files.take(0);
    } catch (IOException e) {
      full = Optional.of(e); // no space for a new file: use one that is there
    }
    if (file.isEmpty() && store.reuseRetired()) {
      file = files.take(0);
    }
    if (file.isEmpty() && dropOldest(lane) && store.reuseRetired()) {
      file = files.take(0);
    }
    if (file.isEmpty() && full.isPresent()) {
      throw full.get();
    }
    return file;
  }

  private boolean dropOldest(int lane) {
    if (options.whenFull() == OutboxOptions.WhenFull.REFUSE_NEWEST) {
      return false;
    }
    return store.locked(
        () -> {
          for (int victim = Outbox.PRIORITIES - 1; victim >= lane; victim--) {
            if (store.lane(victim).holdsSegments()) {
              forget.accept(store.lane(victim).dropFirst());
              return true;
            }
          }
          return false;
        });
  }
}
