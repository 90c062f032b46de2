/** TMP102 and LM75 thermometers. */
@NullMarked
package io.selvedge.driver.tmp102;

import org.jspecify.annotations.NullMarked;
