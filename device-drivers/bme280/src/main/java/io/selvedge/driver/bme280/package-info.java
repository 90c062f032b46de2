/** BME280 and BMP280 climate sensors. */
@NullMarked
package io.selvedge.driver.bme280;

import org.jspecify.annotations.NullMarked;
