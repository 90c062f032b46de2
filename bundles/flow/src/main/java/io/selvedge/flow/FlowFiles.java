package io.selvedge.flow;

import io.selvedge.flow.FlowRegistry.Origin;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.definition.FlowException;
import io.selvedge.flow.definition.FlowReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Flows as files in a directory that File Install watches: {@code NAME.flow.json}, {@code
 * NAME.flow.yaml} or {@code NAME.flow.yml}. A file that is refused is an event, and what ran goes
 * on. Called on the thread of File Install.
 */
@Component(service = {ArtifactInstaller.class, ArtifactListener.class})
public final class FlowFiles implements ArtifactInstaller {

  private static final Pattern NAME = Pattern.compile("(.+)\\.flow\\.(json|yaml|yml)");

  private final FlowEngine engine;

  @Activate
  public FlowFiles(@Reference(name = "engine") FlowEngine engine) {
    this.engine = engine;
  }

  @Override
  public boolean canHandle(File file) {
    return NAME.matcher(file.getName()).matches();
  }

  @Override
  public void install(File file) {
    String name = name(file);
    try {
      if (Files.size(file.toPath()) > FlowReader.MOST_BYTES) {
        engine
            .registry()
            .refuse(
                Origin.FILE,
                name,
                "flow file ["
                    + file.getName()
                    + "] has ["
                    + Files.size(file.toPath())
                    + "] bytes; a flow has at most "
                    + FlowReader.MOST_BYTES);
        return;
      }
      FlowDefinition definition = engine.read(file.getName(), Files.readAllBytes(file.toPath()));
      if (!definition.name().equals(name)) {
        engine
            .registry()
            .refuse(
                Origin.FILE,
                name,
                "flow file ["
                    + file.getName()
                    + "] holds flow ["
                    + definition.name()
                    + "]; the file must be called by its flow, rename one of them");
        return;
      }
      engine.registry().put(Origin.FILE, definition);
    } catch (FlowException e) {
      engine.registry().refuse(Origin.FILE, name, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      engine
          .registry()
          .refuse(Origin.FILE, name, "flow file [" + file.getName() + "] cannot be read: " + e);
    }
  }

  @Override
  public void update(File file) {
    install(file);
  }

  @Override
  public void uninstall(File file) {
    engine.registry().remove(Origin.FILE, name(file));
  }

  private static String name(File file) {
    Matcher matcher = NAME.matcher(file.getName());
    return matcher.matches() ? matcher.group(1) : file.getName();
  }
}
