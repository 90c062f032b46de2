/** A Modbus server for the tests of drivers; needs j2mod, as the bundle of Modbus does. */
@NullMarked
package io.selvedge.testkit.modbus;

import org.jspecify.annotations.NullMarked;
