/** The driver that new-driver copies. */
@NullMarked
package io.selvedge.driver.template;

import org.jspecify.annotations.NullMarked;
