package io.selvedge.mqtt;

import java.util.Dictionary;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** A service of the {@link FakeFramework}. */
record FakeReference<S>(Class<S> type, S service, Map<String, Object> properties)
    implements ServiceReference<S> {

  @Override
  public @Nullable Object getProperty(String key) {
    return key.equals(Constants.OBJECTCLASS) ? new String[] {type.getName()} : properties.get(key);
  }

  @Override
  public String[] getPropertyKeys() {
    return properties.keySet().toArray(new String[0]);
  }

  @Override
  public Bundle getBundle() {
    throw new UnsupportedOperationException("no bundles here");
  }

  @Override
  public Bundle[] getUsingBundles() {
    return new Bundle[0];
  }

  @Override
  public boolean isAssignableTo(Bundle bundle, String className) {
    return true;
  }

  @Override
  public int compareTo(Object reference) {
    return Integer.compare(hashCode(), reference.hashCode());
  }

  @Override
  public Dictionary<String, Object> getProperties() {
    throw new UnsupportedOperationException("ask for one property");
  }

  @Override
  public <A> A adapt(Class<A> adaptation) {
    throw new UnsupportedOperationException("adapts to nothing");
  }
}
