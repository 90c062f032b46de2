package io.selvedge.api.uplink;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A second connection to the hub's broker, for bytes that must not stand before messages. It only
 * hears; what shall come is asked for by {@link Uplink#request}.
 */
@ProviderType
public interface Downloads {

  /**
   * Connects; waits as long as connections are configured to.
   *
   * @param arrived hears what comes, on a thread of the connection, which may wait there: then
   *     nothing more is read
   * @throws IOException why there is no such connection
   */
  Session open(Consumer<byte[]> arrived) throws IOException, InterruptedException;

  /** One connection, until its end; it does not come back by itself. */
  @ProviderType
  interface Session extends AutoCloseable {

    /** The name to ask by; no other session ever has the same. */
    String name();

    /** Why it is at its end; empty while it is not. */
    Optional<String> ended();

    /** Ends it. Does not throw. */
    @Override
    void close();
  }
}
