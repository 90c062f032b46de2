/** Buses from a file, and buses that are written down in one. */
@NullMarked
package io.selvedge.bus.replay;

import org.jspecify.annotations.NullMarked;
