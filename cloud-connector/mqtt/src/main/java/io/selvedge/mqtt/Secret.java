package io.selvedge.mqtt;

import java.io.IOException;

/** Something that must not be seen, read each time it is needed. */
interface Secret {

  /**
   * Reads it.
   *
   * @throws IOException where it cannot be read; the message says why and what to do
   */
  char[] read() throws IOException;
}
