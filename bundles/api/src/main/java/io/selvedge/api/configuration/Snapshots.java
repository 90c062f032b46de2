package io.selvedge.api.configuration;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The gateway's configuration as files, and how it was before. Every change, whoever makes it,
 * becomes a snapshot within seconds; what is done here becomes one at once. A change of several
 * files is one transaction: after a power cut all of them are new, or none. Callable on any thread;
 * may block for a few seconds.
 */
@ProviderType
public interface Snapshots {

  /** Stands where a password would. Who writes it back leaves the password as it is. */
  String MASK = "********";

  /** All that can be gone back to, newest first. */
  List<Snapshot> list();

  /**
   * The texts of a snapshot's files by their names, passwords masked; empty where there is no such
   * snapshot.
   */
  Optional<Map<String, String>> texts(long id) throws IOException;

  /** The texts of the files as they are now, by their names, passwords masked. */
  Map<String, String> texts() throws IOException;

  /**
   * The values of a snapshot by PID and key, passwords masked; empty where there is no such
   * snapshot. Values out of a {@code .cfg} file are texts.
   */
  Optional<Map<String, Map<String, Object>>> values(long id) throws IOException;

  /** Takes one now; gives the newest where nothing has changed since. */
  Snapshot take(String why) throws IOException;

  /**
   * Sets values of configurations, by PID and key. What is not named stays as it is; comments stay,
   * too. Returns when it is on disk, and in force unless the gateway is very busy.
   */
  Snapshot update(Map<String, Map<String, Object>> values, String why) throws IOException;

  /**
   * Writes and deletes files of configurations: {@code PID.cfg}, {@code FACTORYPID-name.cfg}, or
   * {@code .config}. Returns when it is on disk, and in force unless the gateway is very busy.
   *
   * @throws IllegalArgumentException a name is not that of such a file
   */
  Snapshot write(Map<String, byte[]> put, Set<String> delete, String why) throws IOException;

  /**
   * Brings the configuration of a snapshot back: files that it does not hold are deleted. How it
   * was until now is kept as a snapshot, too.
   *
   * @throws IllegalArgumentException there is no such snapshot
   */
  Snapshot rollback(long id, String why) throws IOException;

  /** Whether a value is a password, a token or a key, and must not be shown. */
  boolean isSecret(String pid, String key);
}
