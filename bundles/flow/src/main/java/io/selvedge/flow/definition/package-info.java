/** What a flow file says: read, checked, compiled. */
@NullMarked
package io.selvedge.flow.definition;

import org.jspecify.annotations.NullMarked;
