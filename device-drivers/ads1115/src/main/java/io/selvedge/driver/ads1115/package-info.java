/** ADS1115 analogue to digital converter. */
@NullMarked
package io.selvedge.driver.ads1115;

import org.jspecify.annotations.NullMarked;
