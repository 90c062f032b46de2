package io.selvedge.console.service;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The health checks tagged {@code ready}. Their executor keeps results for two seconds. */
@Component(service = Readiness.class)
public final class HealthChecks implements Readiness {

  private final HealthCheckExecutor executor;

  @Activate
  public HealthChecks(@Reference(name = "executor") HealthCheckExecutor executor) {
    this.executor = executor;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (HealthCheckExecutionResult result : executor.execute(HealthCheckSelector.tags("ready"))) {
      checks.add(check(result));
    }
    checks.sort(Comparator.comparing(Check::name));
    return checks;
  }

  private static Check check(HealthCheckExecutionResult result) {
    Result found = result.getHealthCheckResult();
    boolean ok = found.getStatus() == Result.Status.OK || found.getStatus() == Result.Status.WARN;
    return new Check(result.getHealthCheckMetadata().getTitle(), ok, worst(found));
  }

  /** The message of the worst entry: the one that gave the check its status. */
  private static String worst(Result found) {
    String message = found.getStatus().name();
    for (ResultLog.Entry entry : found) {
      if (!entry.isDebug() && entry.getStatus() == found.getStatus()) {
        message = entry.getMessage();
      }
    }
    return message;
  }
}
