/** GPS receivers that speak NMEA 0183. */
@NullMarked
package io.selvedge.driver.nmea;

import org.jspecify.annotations.NullMarked;
