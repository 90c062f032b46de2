/** Recorded data as a device: any CSV file at real or accelerated time. */
@NullMarked
package io.selvedge.driver.replay;

import org.jspecify.annotations.NullMarked;
