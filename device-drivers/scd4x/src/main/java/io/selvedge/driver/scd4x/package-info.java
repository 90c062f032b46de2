/** SCD4x carbon dioxide sensor. */
@NullMarked
package io.selvedge.driver.scd4x;

import org.jspecify.annotations.NullMarked;
