/** INA219 current and power meter. */
@NullMarked
package io.selvedge.driver.ina219;

import org.jspecify.annotations.NullMarked;
