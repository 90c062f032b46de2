/** Sensors with a kernel driver: hwmon and IIO. */
@NullMarked
package io.selvedge.driver.linuxsensors;

import org.jspecify.annotations.NullMarked;
