package io.selvedge.hardware.vm;

/** What runs on the kernel, which is one of 64-bit ARM: Debian's name of its architecture. */
public enum Userland {
  /** Of 64 bits, as the kernel. */
  arm64,
  /** Of 32 bits, as on small boards: its system calls go through the kernel's compatibility. */
  armhf
}
