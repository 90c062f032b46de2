/** Benchmarks of whole parts, run by {@code ./selvedge bench}: the frame that all of them share. */
@NullMarked
package io.selvedge.bench;

import org.jspecify.annotations.NullMarked;
