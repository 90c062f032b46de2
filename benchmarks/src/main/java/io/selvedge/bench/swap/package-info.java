/** Drivers replaced while all others work. */
@NullMarked
package io.selvedge.bench.swap;

import org.jspecify.annotations.NullMarked;
