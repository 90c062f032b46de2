/**
 * What the benchmarks put into the package of the same name, to stand below or beside its parts.
 */
@NullMarked
package io.selvedge.mqtt;

import org.jspecify.annotations.NullMarked;
