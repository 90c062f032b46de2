/** Remote management as Kura has it: what the applications share. */
@NullMarked
package io.selvedge.remote;

import org.jspecify.annotations.NullMarked;
