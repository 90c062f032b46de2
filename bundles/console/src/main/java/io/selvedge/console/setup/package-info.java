/** Which devices there may be, which are set up, and what is found on the machine's buses. */
@NullMarked
package io.selvedge.console.setup;

import org.jspecify.annotations.NullMarked;
