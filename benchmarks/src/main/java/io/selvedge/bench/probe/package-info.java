/** Runs inside the gateway: devices that count their own reads, and buses without hardware. */
@NullMarked
package io.selvedge.bench.probe;

import org.jspecify.annotations.NullMarked;
