/** A thermometer on I2C. */
@NullMarked
package io.selvedge.driver.template.i2c;

import org.jspecify.annotations.NullMarked;
