/** Running flows: one thread a flow, and what happens at a tick. */
@NullMarked
package io.selvedge.flow.run;

import org.jspecify.annotations.NullMarked;
