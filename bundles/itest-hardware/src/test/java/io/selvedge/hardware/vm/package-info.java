@NullMarked
package io.selvedge.hardware.vm;

import org.jspecify.annotations.NullMarked;
