// SPDX-License-Identifier: GPL-2.0-only
/*
 * hwsim_spi: an SPI host with two chips for spidev: chip select 0 returns what is sent, chip select 1
 * is an MCP3008 (eight inputs of ten bits). Parameter adc: what its inputs measure, 0 to 1023 each;
 * cable=0: nothing is connected, the line floats high and every byte is 0xff.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spi/spi.h>
#include <linux/version.h>

static ushort adc[8] = { 0, 128, 256, 512, 768, 1000, 1022, 1023 };
static int inputs;
module_param_array(adc, ushort, &inputs, 0644);
static bool cable = true;
module_param(cable, bool, 0644);

static struct platform_device *device;
static struct spi_controller *host;

static int transfer(struct spi_controller *ctl, struct spi_device *dev, struct spi_transfer *t)
{
	const u8 *tx = t->tx_buf;
	u8 *rx = t->rx_buf;
	unsigned int i, cs;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	cs = spi_get_chipselect(dev, 0);
#else
	cs = dev->chip_select;
#endif
	if (!rx)
		return 0;
	for (i = 0; i < t->len; i++)
		rx[i] = !cable ? 0xff : cs == 0 && tx ? tx[i] : 0;
	if (cable && cs == 1 && tx && t->len >= 3 && tx[0] == 1) {   /* start bit, single ended or not, input */
		u16 v = adc[tx[1] >> 4 & 7] & 1023;

		rx[1] = v >> 8;
		rx[2] = v;
	}
	return 0;
}

static void set_cs(struct spi_device *dev, bool level)
{
}

static int __init sim_init(void)
{
	struct spi_board_info info = { .modalias = "dh2228fv", .max_speed_hz = 10000000 };
	int i, r;

	device = platform_device_register_simple("hwsim-spi", -1, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	host = __spi_alloc_controller(&device->dev, 0, false);
	if (!host) {
		platform_device_unregister(device);
		return -ENOMEM;
	}
	host->bus_num = 0;
	host->num_chipselect = 2;
	host->mode_bits = SPI_CPOL | SPI_CPHA | SPI_CS_HIGH | SPI_LSB_FIRST;
	host->transfer_one = transfer;
	host->set_cs = set_cs;
	r = spi_register_controller(host);
	if (r) {
		spi_controller_put(host);
		platform_device_unregister(device);
		return r;
	}
	for (i = 0; i < 2; i++) {
		info.chip_select = i;
		if (!spi_new_device(host, &info))
			pr_err("hwsim_spi: no device %d\n", i);
	}
	return 0;
}

static void __exit sim_exit(void)
{
	spi_unregister_controller(host);
	platform_device_unregister(device);
}

module_init(sim_init);
module_exit(sim_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("simulated SPI bus with an MCP3008");
