/** BH1750 light sensor. */
@NullMarked
package io.selvedge.driver.bh1750;

import org.jspecify.annotations.NullMarked;
