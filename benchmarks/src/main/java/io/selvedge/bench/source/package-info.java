/** A bundle that is dropped into a gateway: readings as fast as they are taken, or at a rate. */
@NullMarked
package io.selvedge.bench.source;

import org.jspecify.annotations.NullMarked;
