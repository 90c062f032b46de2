package io.selvedge.console.service;

import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.device.Devices;
import io.selvedge.api.event.Events;
import io.selvedge.api.flow.Distribution;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.Models;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.console.setup.Setup;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The services of the framework. Fields, not constructor parameters: declarative services set a
 * dynamic reference only where it can do so again, and null is how it says that one has gone.
 */
@Component(service = Services.class)
public final class OsgiServices implements Services {

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Devices devices;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Flows flows;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Models models;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Events events;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Deployments deployments;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Readiness readiness;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Setup setup;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Distribution distribution;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Snapshots snapshots;

  /** Uplinks are fetched at use: one in the making would be left out for good otherwise. */
  private final Set<ServiceReference<Uplink>> uplinks = ConcurrentHashMap.newKeySet();

  private final Map<ServiceReference<Uplink>, Uplink> fetched = new ConcurrentHashMap<>();
  private final BundleContext context;

  @Activate
  public OsgiServices(BundleContext context) {
    this.context = context;
  }

  @Reference(
      name = "uplinks",
      service = Uplink.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addUplink(ServiceReference<Uplink> reference) {
    uplinks.add(reference);
  }

  void removeUplink(ServiceReference<Uplink> reference) {
    uplinks.remove(reference);
    fetched.remove(reference);
    context.ungetService(reference);
  }

  @Override
  public Map<String, Uplink> uplinks() {
    Map<String, Uplink> now = new TreeMap<>();
    for (ServiceReference<Uplink> reference : uplinks) {
      Uplink uplink = fetched.get(reference);
      if (uplink == null) {
        uplink = context.getService(reference);
        if (uplink != null) {
          fetched.put(reference, uplink);
        }
      }
      Object name = reference.getProperty(Uplink.NAME);
      if (uplink != null) {
        now.put(name == null ? Uplink.HUB : name.toString(), uplink);
      }
    }
    return Collections.unmodifiableMap(now);
  }

  @Override
  public Optional<Distribution> distribution() {
    return Optional.ofNullable(distribution);
  }

  @Override
  public Optional<Devices> devices() {
    return Optional.ofNullable(devices);
  }

  @Override
  public Optional<Flows> flows() {
    return Optional.ofNullable(flows);
  }

  @Override
  public Optional<Models> models() {
    return Optional.ofNullable(models);
  }

  @Override
  public Optional<Events> events() {
    return Optional.ofNullable(events);
  }

  @Override
  public Optional<Uplink> uplink() {
    return Optional.ofNullable(uplinks().get(Uplink.HUB));
  }

  @Override
  public Optional<Deployments> deployments() {
    return Optional.ofNullable(deployments);
  }

  @Override
  public Optional<Snapshots> snapshots() {
    return Optional.ofNullable(snapshots);
  }

  @Override
  public Optional<Readiness> readiness() {
    return Optional.ofNullable(readiness);
  }

  @Override
  public Optional<Setup> setup() {
    return Optional.ofNullable(setup);
  }
}
