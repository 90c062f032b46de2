/** Eastron SDM120 energy meter. */
@NullMarked
package io.selvedge.driver.sdm120;

import org.jspecify.annotations.NullMarked;
