/** A thermocouple on SPI. */
@NullMarked
package io.selvedge.driver.template.spi;

import org.jspecify.annotations.NullMarked;
