/** The gateway's fetching side, opened for benches. */
@NullMarked
package io.selvedge.deployment;

import org.jspecify.annotations.NullMarked;
