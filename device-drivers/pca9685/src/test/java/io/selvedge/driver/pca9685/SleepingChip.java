package io.selvedge.driver.pca9685;

import io.selvedge.testkit.FakeI2cBus;

/** A PCA9685 that another program left running at 1526 Hz: sleep and restart as in 7.3.1.1. */
final class SleepingChip implements FakeI2cBus.Chip {

  private static final int SLEEP = 0x10;
  private static final int RESTART = 0x80;

  private final byte[] registers = new byte[256];
  private boolean restartNeeded;
  int restarts;

  SleepingChip() {
    registers[0] = 0x21;
    registers[0xfe] = 3;
    registers[0x09] = 0x08; // out0 off at 2048 of 4096
  }

  boolean running() {
    return (registers[0] & SLEEP) == 0 && !restartNeeded;
  }

  @Override
  public void transfer(byte[] write, byte[] read) {
    int register = write[0] & 0xff;
    for (int i = 1; i < write.length; i++) {
      write(register + i - 1, write[i]);
    }
    for (int i = 0; i < read.length; i++) {
      read[i] = registers[register + i];
    }
    if (register == 0 && read.length > 0 && restartNeeded) {
      read[0] |= (byte) RESTART;
    }
  }

  private void write(int register, byte value) {
    if (register != 0) {
      registers[register] = value;
      return;
    }
    boolean slept = (registers[0] & SLEEP) != 0;
    boolean sleeps = (value & SLEEP) != 0;
    restartNeeded |= sleeps && !slept;
    if ((value & RESTART) != 0 && restartNeeded && !sleeps && !slept) {
      restartNeeded = false;
      restarts++;
    }
    registers[0] = (byte) (value & ~RESTART);
  }
}
