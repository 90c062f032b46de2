/** A simulated room: physics, people, a fan, a heater, and faults that can be switched on. */
@NullMarked
package io.selvedge.driver.simulated;

import org.jspecify.annotations.NullMarked;
