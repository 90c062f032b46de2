/** What became of each row and decision: counted, and kept by day. */
@NullMarked
package io.selvedge.flow.ledger;

import org.jspecify.annotations.NullMarked;
