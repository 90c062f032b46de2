/** SHT3x thermometer and hygrometer. */
@NullMarked
package io.selvedge.driver.sht3x;

import org.jspecify.annotations.NullMarked;
