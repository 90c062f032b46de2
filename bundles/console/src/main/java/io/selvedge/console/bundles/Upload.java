package io.selvedge.console.bundles;

import java.io.IOException;
import java.io.InputStream;

/**
 * A jar that was uploaded, and what is to be done with it.
 *
 * @param file its name on the operator's machine
 * @param jar its bytes
 * @param target the id of the bundle that it is to replace; negative: the one of its symbolic name
 * @param beside whether another version stays beside it
 * @param start whether to start it where it is new; what is replaced runs as it ran before
 * @param startLevel of one that is new; 0 for the framework's own
 * @param refresh whether what uses it is wired to it anew
 */
record Upload(
    String file,
    Source jar,
    long target,
    boolean beside,
    boolean start,
    int startLevel,
    boolean refresh) {

  /** Can be read more than once. */
  interface Source {
    InputStream open() throws IOException;
  }
}
