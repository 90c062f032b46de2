package io.selvedge.api.flow;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The flows of this gateway. Callable on any thread. */
@ProviderType
public interface Flows {

  /** All flows that run, by name. */
  List<FlowStatus> list();

  /** One flow. */
  Optional<FlowStatus> find(String name);

  /** What the flows that run need around them, by name. */
  default List<FlowNeeds> needs() {
    return List.of();
  }

  /** The newest decisions of all flows, newest first; the runtime keeps the last 1000. */
  List<Decision> recent(int most);

  /** The published JSON schema of a flow, as JSON text; a flow file is checked against it. */
  String schema();
}
