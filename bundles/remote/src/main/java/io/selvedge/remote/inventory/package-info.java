/** What is installed, for Kapua: the application INVENTORY-V1. */
@NullMarked
package io.selvedge.remote.inventory;

import org.jspecify.annotations.NullMarked;
