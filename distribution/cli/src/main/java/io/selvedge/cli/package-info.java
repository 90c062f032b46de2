/** The {@code selvedge} command: demo, and short cuts to what was built. */
@NullMarked
package io.selvedge.cli;

import org.jspecify.annotations.NullMarked;
