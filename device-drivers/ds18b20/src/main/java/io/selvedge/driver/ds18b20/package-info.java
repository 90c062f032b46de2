/** DS18B20 thermometer. */
@NullMarked
package io.selvedge.driver.ds18b20;

import org.jspecify.annotations.NullMarked;
