package io.selvedge.remote.conf;

import java.io.IOException;
import java.util.Map;

/** The configurations as they are. */
@FunctionalInterface
interface Present {

  /** Values by PID and key; a new map, which may be changed. */
  Map<String, Map<String, Object>> all() throws IOException;
}
