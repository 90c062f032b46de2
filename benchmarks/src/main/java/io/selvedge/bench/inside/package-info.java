/** Runs inside the gateway of {@code bench bus}: hears edges, and reads many devices. */
@NullMarked
package io.selvedge.bench.inside;

import org.jspecify.annotations.NullMarked;
