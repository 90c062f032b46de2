/** What runs inside the gateway under test. */
@NullMarked
package io.selvedge.hardware.inside;

import org.jspecify.annotations.NullMarked;
