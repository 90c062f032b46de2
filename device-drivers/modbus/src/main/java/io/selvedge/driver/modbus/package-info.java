/** Modbus TCP and RTU. */
@NullMarked
package io.selvedge.driver.modbus;

import org.jspecify.annotations.NullMarked;
