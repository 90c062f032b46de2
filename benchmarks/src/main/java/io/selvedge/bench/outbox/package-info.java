/** What the outbox costs: rates against the disk's own limit, recovery, memory. */
@NullMarked
package io.selvedge.bench.outbox;

import org.jspecify.annotations.NullMarked;
