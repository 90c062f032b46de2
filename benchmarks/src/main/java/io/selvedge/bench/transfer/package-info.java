/** Files to gateways: whole, cut, beside telemetry, and the next version of one. */
@NullMarked
package io.selvedge.bench.transfer;

import org.jspecify.annotations.NullMarked;
