/** The machine that the gateway runs on, as a device. */
@NullMarked
package io.selvedge.driver.host;

import org.jspecify.annotations.NullMarked;
