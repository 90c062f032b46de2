package io.selvedge.hardware.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The disk with what is tested: the gateway as it is shipped, and the machine's scripts. */
public final class ProductImage {

  private ProductImage() {}

  /**
   * Makes it.
   *
   * @param source the source tree, built
   * @param extra a directory with more for the test, {@code /product/extra} in the machine
   */
  public static Path make(Path source, Path extra, Path work)
      throws IOException, InterruptedException {
    Path gateway = source.resolve("distribution/gateway/target/selvedge-gateway");
    if (!gateway.resolve("bin/selvedge").toFile().canExecute()) {
      throw new IOException("gateway [" + gateway + "] is not built; run ./selvedge build");
    }
    Path image = work.resolve("product.img");
    String script =
        """
        set -eu
        mkdir -p "$1/product"
        cp -r --preserve=mode "$2" "$1/product/gateway"
        cp -r "$3" "$1/product/vm"
        cp -r "$4" "$1/product/extra"
        chmod -R a+rX "$1/product"
        : >"$1/product.img"
        "$5" -q -t ext4 -O ^has_journal,^resize_inode -m 0 -E root_owner=0:0 -d "$1/product" \\
          "$1/product.img" "$(($(du -sm "$1/product" | cut -f1) * 5 / 4 + 16))M"
        rm -rf "$1/product"
        """;
    Processes.run(
        List.of(
            "sh",
            "-c",
            script,
            "product",
            work.toString(),
            gateway.toString(),
            source.resolve("bundles/itest-hardware/src/vm").toString(),
            extra.toString(),
            Tools.path("mke2fs")),
        line -> {});
    return image;
  }
}
