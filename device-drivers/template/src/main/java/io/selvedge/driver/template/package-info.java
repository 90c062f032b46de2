/** A thermometer on I2C. */
@NullMarked
package io.selvedge.driver.template;

import org.jspecify.annotations.NullMarked;
