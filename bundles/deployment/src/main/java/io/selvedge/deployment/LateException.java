package io.selvedge.deployment;

import java.io.Serial;
import org.osgi.framework.BundleException;

/** The code of a bundle did not come back in time. */
final class LateException extends BundleException {

  @Serial private static final long serialVersionUID = 1L;

  LateException(String message) {
    super(message, ACTIVATOR_ERROR);
  }
}
