/** OPC UA client. */
@NullMarked
package io.selvedge.driver.opcua;

import org.jspecify.annotations.NullMarked;
