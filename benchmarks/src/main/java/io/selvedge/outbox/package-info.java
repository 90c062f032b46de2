/**
 * What the benchmarks put into the package of the same name, to stand below or beside its parts.
 */
@NullMarked
package io.selvedge.outbox;

import org.jspecify.annotations.NullMarked;
