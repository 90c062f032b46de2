/**
 * A bundle that stands in for the hub and tells what a gateway runs; dropped into it by benches.
 */
@org.jspecify.annotations.NullMarked
package io.selvedge.bench.ota.probe;
