/** The hub's own connections to the broker, embedded or external. */
@NullMarked
package io.selvedge.hub.link;

import org.jspecify.annotations.NullMarked;
