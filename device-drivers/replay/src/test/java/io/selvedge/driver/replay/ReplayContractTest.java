package io.selvedge.driver.replay;

import io.selvedge.api.device.Driver;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class ReplayContractTest extends DriverContract {

  @TempDir Path folder;

  @Override
  protected Driver driver() throws IOException {
    Path file = folder.resolve("hall.csv");
    Files.writeString(file, "t,level,state\n0,1.5,open\n60,,shut\n120,x,open\n180,2.5\n240,3,\n");
    return new ReplayDriver(
        Configs.of(
            ReplayConfig.class,
            Map.of(
                "device.id", "hall",
                "file", file.toString(),
                "columns", "level=level:m,state=state::text",
                "time.column", "t",
                "time.format", "epoch-s",
                "speed", 0,
                "rows.per.read", 2)),
        folder,
        System::nanoTime);
  }
}
