package io.selvedge.console.setup;

import io.selvedge.api.bus.Buses;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sets devices up: a device is one configuration of its driver. Callable on any thread. */
public interface Setup {

  /**
   * A device that is set up, whether or not it answers.
   *
   * @param pid its driver's factory PID
   * @param name the name of its configuration, which ends its file's name
   * @param values its settings as they are kept
   */
  record Configured(String pid, String name, Map<String, Object> values) {

    public Configured {
      values = Map.copyOf(values);
    }
  }

  /** The drivers that are there, by their names. */
  List<Form> forms();

  /** The devices that are set up. */
  List<Configured> configured();

  /** Sets a device up, or anew; its file in {@code conf/} follows. */
  void save(String pid, String name, Map<String, Object> values) throws IOException;

  /** Takes a device away; its file in {@code conf/} goes, too. */
  void remove(String pid, String name) throws IOException;

  /** The machine's buses; empty where no bundle provides them. */
  Optional<Buses> buses();
}
