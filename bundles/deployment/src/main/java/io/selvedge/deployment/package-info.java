/** The twin: what the hub wants this gateway to run, fetched, verified, activated, reported. */
@NullMarked
package io.selvedge.deployment;

import org.jspecify.annotations.NullMarked;
