/** From a driver's reading to the broker's acknowledgement, in a gateway as it is shipped. */
@NullMarked
package io.selvedge.bench.uplink;

import org.jspecify.annotations.NullMarked;
