/** {@code ./selvedge bench bus}: the bus provider beside C and Pi4J's own plugins. */
@NullMarked
package io.selvedge.bench.bus;

import org.jspecify.annotations.NullMarked;
