/** The kill benchmark: everything is killed but the oracle, which knows what was accepted. */
@NullMarked
package io.selvedge.bench.kill;

import org.jspecify.annotations.NullMarked;
