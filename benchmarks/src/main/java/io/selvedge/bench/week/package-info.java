/** A week without a link, and the return: the outbox at its budget, the heap, the catching up. */
@NullMarked
package io.selvedge.bench.week;

import org.jspecify.annotations.NullMarked;
