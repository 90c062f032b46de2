// SPDX-License-Identifier: GPL-2.0-only
/*
 * hwsim_i2c: I2C adapters ("hwsim-0", "hwsim-1" ...) whose chips are byte images in the kernel.
 *
 * A real master_xfer: read(), write(), I2C_RDWR with repeated starts and emulated SMBus all work,
 * unlike with i2c-stub, which knows SMBus only. For each adapter N, /sys/kernel/hwsim_i2c/N/ has:
 *
 *   add   "0x76 reg8"        there is a chip: register = first byte written, counts up by itself
 *         "0x18 reg16"       registers of 16 bits, big-endian (MCP9808, INA219, TMP102)
 *         "0x48 mux16"       the same, and register 0 answers from 0x10 + bits 14..12 of register 1 (ADS1115)
 *         "0x44 cmd16"       two bytes of command; the answer is what was poked for it (SHT3x, SCD4x)
 *         "0x23 cmd8"        one byte of command, likewise (BH1750)
 *         "0x20 raw"         no registers: what is written is the port, reads return it and'ed with
 *                            what pulls from outside, poked at 0 (PCF8574)
 *         "0x76 off"         the cable is pulled: no acknowledge; its image stays
 *         "0x76 on"          plugged in again
 *   poke  "0x76 0xd0 60"     chip, register or command, bytes in hex
 *   port  "0x68 0x74 03 e8"  reg8 only: this register does not count up and yields these bytes, round
 *                            and round (a FIFO)
 *   peek  write "0x40 6 4", then read: four bytes from register 6, in hex
 *   fail  "-110 3"           the next three transfers end with this error (-1: all until further notice)
 *   log   read: the transfers since the last read, and how many of them were not acknowledged
 *
 * Parameters: buses, how many adapters; khz, the clock of the buses: a transfer takes as long as on
 * a wire of that speed (0: no time at all).
 */
#include <linux/delay.h>
#include <linux/i2c.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>

#define MAX_BUSES 8
#define MAX_COMMANDS 32
#define MAX_BYTES 64

enum mode { REG8, REG16, MUX16, CMD16, CMD8, RAW };
static const char * const modes[] = { "reg8", "reg16", "mux16", "cmd16", "cmd8", "raw" };

struct command {
	u16 code;
	u8 len, data[MAX_BYTES];
};

struct chip {
	bool on;
	enum mode mode;
	u8 ptr, img[512];
	int ncmd, cur;                  /* answers to commands; the one that was asked for, or -1 */
	struct command cmds[MAX_COMMANDS];
	int port, port_len, port_at;    /* a register that does not count up, or -1 */
	u8 port_data[MAX_BYTES];
};

struct bus {
	struct i2c_adapter adap;
	struct kobject *ko;
	struct mutex lock;
	struct chip *chips;             /* 128 */
	int fail, fail_left;
	unsigned long xfers, nacks;
	u8 peek_addr, peek_reg, peek_len;
};

static unsigned int buses = 4;
module_param(buses, uint, 0444);
static unsigned int khz;
module_param(khz, uint, 0644);
static struct bus *all[MAX_BUSES];
static struct kobject *root;

/* Where a byte of register ptr is; reg16 counts in words. */
static u8 *cell(struct chip *c, int reg, int i)
{
	return &c->img[((c->mode == REG16 || c->mode == MUX16 ? reg * 2 : reg) + i) & 511];
}

static int find(struct chip *c, u16 code)
{
	int i;

	for (i = 0; i < c->ncmd; i++)
		if (c->cmds[i].code == code)
			return i;
	return -1;
}

static void chip_write(struct chip *c, const u8 *b, int n)
{
	int i;

	switch (c->mode) {
	case RAW:
		if (n)
			c->img[1] = b[n - 1];
		return;
	case CMD16:
		if (n >= 2)
			c->cur = find(c, b[0] << 8 | b[1]);
		return;
	case CMD8:
		if (n)
			c->cur = find(c, b[0]) >= 0 ? find(c, b[0]) : c->cur;
		return;
	case REG8:
		if (n)
			c->ptr = b[0];
		for (i = 1; i < n; i++)
			c->img[c->ptr++] = b[i];
		return;
	default:
		if (n)
			c->ptr = b[0];
		for (i = 1; i < n; i++)
			*cell(c, c->ptr, i - 1) = b[i];
	}
}

static int chip_read(struct chip *c, u8 *b, int n)
{
	int i, reg = c->ptr;

	switch (c->mode) {
	case RAW:
		memset(b, c->img[0] & c->img[1], n);
		return 0;
	case CMD16:
	case CMD8:
		if (c->cur < 0)
			return -ENXIO;
		for (i = 0; i < n; i++)
			b[i] = i < c->cmds[c->cur].len ? c->cmds[c->cur].data[i] : 0xff;
		return 0;
	case REG8:
		for (i = 0; i < n; i++) {
			if (c->ptr == c->port && c->port_len) {
				b[i] = c->port_data[c->port_at];
				c->port_at = (c->port_at + 1) % c->port_len;
			} else {
				b[i] = c->img[c->ptr++];
			}
		}
		return 0;
	default:
		if (c->mode == MUX16 && reg == 0)
			reg = 0x10 + (*cell(c, 1, 0) >> 4 & 7);
		for (i = 0; i < n; i++)
			b[i] = *cell(c, reg, i);
		return 0;
	}
}

static int xfer(struct i2c_adapter *a, struct i2c_msg *m, int num)
{
	struct bus *bus = i2c_get_adapdata(a);
	unsigned int bits = 1, us;
	int i, r = 0;

	mutex_lock(&bus->lock);
	bus->xfers++;
	if (bus->fail_left) {
		if (bus->fail_left > 0)
			bus->fail_left--;
		r = bus->fail;
	}
	for (i = 0; i < num && !r; i++) {
		struct chip *c = &bus->chips[m[i].addr & 127];

		bits += 10 + 9 * m[i].len;
		if (!c->on) {
			bus->nacks++;
			r = -ENXIO;
		} else if (m[i].flags & I2C_M_RECV_LEN) {
			r = -EOPNOTSUPP;
		} else if (m[i].flags & I2C_M_RD) {
			r = chip_read(c, m[i].buf, m[i].len);
		} else {
			chip_write(c, m[i].buf, m[i].len);
		}
	}
	mutex_unlock(&bus->lock);
	if (khz) {
		us = bits * 1000 / khz;
		usleep_range(us, us + 10);
	}
	return r ? r : num;
}

static u32 functions(struct i2c_adapter *a)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = { .master_xfer = xfer, .functionality = functions };

static struct bus *bus_of(struct kobject *k)
{
	int i;

	for (i = 0; i < buses; i++)
		if (all[i] && all[i]->ko == k)
			return all[i];
	return NULL;
}

static ssize_t add_store(struct kobject *k, struct kobj_attribute *at, const char *text, size_t n)
{
	struct bus *bus = bus_of(k);
	struct chip *c;
	unsigned int addr;
	char word[16];
	int mode;

	if (!bus || sscanf(text, "%i %15s", &addr, word) != 2 || addr > 127)
		return -EINVAL;
	c = &bus->chips[addr];
	mode = match_string(modes, ARRAY_SIZE(modes), word);
	if (mode < 0 && strcmp(word, "on") && strcmp(word, "off"))
		return -EINVAL;
	mutex_lock(&bus->lock);
	if (mode >= 0) {
		memset(c, 0, sizeof(*c));
		c->mode = mode;
		c->cur = c->port = -1;
		if (mode == RAW)
			c->img[0] = c->img[1] = 0xff;
	}
	c->on = strcmp(word, "off") != 0;
	mutex_unlock(&bus->lock);
	return n;
}

/* "ADDRESS REGISTER BYTE..." into bytes; how many, or an error. */
static int parse(const char *p, unsigned int *addr, unsigned int *reg, u8 *d)
{
	unsigned int v;
	int used, len = 0;

	if (sscanf(p, "%i %i%n", addr, reg, &used) != 2 || *addr > 127)
		return -EINVAL;
	for (p += used; len < MAX_BYTES && sscanf(p, "%x%n", &v, &used) == 1; p += used)
		d[len++] = v;
	return len;
}

static ssize_t poke_store(struct kobject *k, struct kobj_attribute *at, const char *text, size_t n)
{
	struct bus *bus = bus_of(k);
	struct chip *c;
	unsigned int addr, reg;
	u8 d[MAX_BYTES];
	int i, len = parse(text, &addr, &reg, d);

	if (!bus || len < 0)
		return -EINVAL;
	c = &bus->chips[addr];
	mutex_lock(&bus->lock);
	if (c->mode == CMD16 || c->mode == CMD8) {
		i = find(c, reg);
		if (i < 0 && c->ncmd == MAX_COMMANDS) {
			mutex_unlock(&bus->lock);
			return -ENOSPC;
		}
		if (i < 0)
			i = c->ncmd++;
		c->cmds[i].code = reg;
		c->cmds[i].len = len;
		memcpy(c->cmds[i].data, d, len);
	} else {
		for (i = 0; i < len; i++)
			*cell(c, reg, i) = d[i];
	}
	mutex_unlock(&bus->lock);
	return n;
}

static ssize_t port_store(struct kobject *k, struct kobj_attribute *at, const char *text, size_t n)
{
	struct bus *bus = bus_of(k);
	struct chip *c;
	unsigned int addr, reg;
	u8 d[MAX_BYTES];
	int len = parse(text, &addr, &reg, d);

	if (!bus || len <= 0)
		return -EINVAL;
	c = &bus->chips[addr];
	mutex_lock(&bus->lock);
	c->port = reg;
	c->port_len = len;
	c->port_at = 0;
	memcpy(c->port_data, d, len);
	mutex_unlock(&bus->lock);
	return n;
}

static ssize_t peek_store(struct kobject *k, struct kobj_attribute *at, const char *text, size_t n)
{
	struct bus *bus = bus_of(k);
	unsigned int addr, reg, len;

	if (!bus || sscanf(text, "%i %i %i", &addr, &reg, &len) != 3 || addr > 127 || len > MAX_BYTES)
		return -EINVAL;
	bus->peek_addr = addr;
	bus->peek_reg = reg;
	bus->peek_len = len;
	return n;
}

static ssize_t peek_show(struct kobject *k, struct kobj_attribute *at, char *text)
{
	struct bus *bus = bus_of(k);
	struct chip *c;
	int i, n = 0;

	if (!bus)
		return -EINVAL;
	c = &bus->chips[bus->peek_addr];
	mutex_lock(&bus->lock);
	for (i = 0; i < bus->peek_len; i++)
		n += sysfs_emit_at(text, n, "%02x ", c->mode == RAW ? c->img[1] : *cell(c, bus->peek_reg, i));
	mutex_unlock(&bus->lock);
	return n + sysfs_emit_at(text, n, "\n");
}

static ssize_t fail_store(struct kobject *k, struct kobj_attribute *at, const char *text, size_t n)
{
	struct bus *bus = bus_of(k);
	int error, left;

	if (!bus || sscanf(text, "%d %d", &error, &left) != 2 || error >= 0)
		return -EINVAL;
	mutex_lock(&bus->lock);
	bus->fail = error;
	bus->fail_left = left;
	mutex_unlock(&bus->lock);
	return n;
}

static ssize_t log_show(struct kobject *k, struct kobj_attribute *at, char *text)
{
	struct bus *bus = bus_of(k);
	int n;

	if (!bus)
		return -EINVAL;
	mutex_lock(&bus->lock);
	n = sysfs_emit(text, "%lu %lu\n", bus->xfers, bus->nacks);
	bus->xfers = bus->nacks = 0;
	mutex_unlock(&bus->lock);
	return n;
}

static struct kobj_attribute a_add = __ATTR(add, 0200, NULL, add_store);
static struct kobj_attribute a_poke = __ATTR(poke, 0200, NULL, poke_store);
static struct kobj_attribute a_port = __ATTR(port, 0200, NULL, port_store);
static struct kobj_attribute a_peek = __ATTR(peek, 0600, peek_show, peek_store);
static struct kobj_attribute a_fail = __ATTR(fail, 0200, NULL, fail_store);
static struct kobj_attribute a_log = __ATTR(log, 0400, log_show, NULL);
static struct attribute *attrs[] = {
	&a_add.attr, &a_poke.attr, &a_port.attr, &a_peek.attr, &a_fail.attr, &a_log.attr, NULL
};
static const struct attribute_group group = { .attrs = attrs };

static void remove_bus(int i)
{
	struct bus *bus = all[i];

	if (!bus)
		return;
	i2c_del_adapter(&bus->adap);
	all[i] = NULL;
	kobject_put(bus->ko);
	kfree(bus->chips);
	kfree(bus);
}

static int add_bus(int i)
{
	struct bus *bus = kzalloc(sizeof(*bus), GFP_KERNEL);
	char name[8];
	int r = -ENOMEM;

	if (!bus)
		return r;
	mutex_init(&bus->lock);
	snprintf(name, sizeof(name), "%d", i);
	bus->chips = kcalloc(128, sizeof(*bus->chips), GFP_KERNEL);
	bus->ko = kobject_create_and_add(name, root);
	if (!bus->chips || !bus->ko)
		goto free;
	bus->adap.owner = THIS_MODULE;
	bus->adap.algo = &algorithm;
	snprintf(bus->adap.name, sizeof(bus->adap.name), "hwsim-%d", i);
	i2c_set_adapdata(&bus->adap, bus);
	r = sysfs_create_group(bus->ko, &group);
	if (!r)
		r = i2c_add_adapter(&bus->adap);
	if (!r) {
		all[i] = bus;
		return 0;
	}
free:
	kobject_put(bus->ko);
	kfree(bus->chips);
	kfree(bus);
	return r;
}

static int __init sim_init(void)
{
	int i, r = 0;

	buses = clamp(buses, 1u, (unsigned int)MAX_BUSES);
	root = kobject_create_and_add("hwsim_i2c", kernel_kobj);
	if (!root)
		return -ENOMEM;
	for (i = 0; i < buses && !r; i++)
		r = add_bus(i);
	if (!r)
		return 0;
	while (--i >= 0)
		remove_bus(i);
	kobject_put(root);
	return r;
}

static void __exit sim_exit(void)
{
	int i;

	for (i = 0; i < buses; i++)
		remove_bus(i);
	kobject_put(root);
}

module_init(sim_init);
module_exit(sim_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("simulated I2C buses with chip images");
