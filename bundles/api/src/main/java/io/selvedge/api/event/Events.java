package io.selvedge.api.event;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The operator's diary: what is reported here is logged once, kept for the console and heard by
 * {@link EventListener}s. State changes are reported, not repetitions. Callable on any thread.
 */
@ProviderType
public interface Events {

  /** Reports now. */
  void report(Event.Severity severity, String source, String code, String message);

  /** The newest events, newest first; the runtime keeps the last 1000. */
  List<Event> recent(int most);
}
