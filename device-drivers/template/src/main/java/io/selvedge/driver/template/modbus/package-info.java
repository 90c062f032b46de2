/** A thermometer on a Modbus line. */
@NullMarked
package io.selvedge.driver.template.modbus;

import org.jspecify.annotations.NullMarked;
