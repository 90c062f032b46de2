/** Several hub processes that share one broker and one database. */
@NullMarked
package io.selvedge.hub.share;

import org.jspecify.annotations.NullMarked;
