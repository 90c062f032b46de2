/** The hub's process: options, data directory, start and stop of its parts. */
@NullMarked
package io.selvedge.hub;

import org.jspecify.annotations.NullMarked;
