// SPDX-License-Identifier: GPL-2.0-only
/*
 * hwsim_w1: a 1-Wire bus with two DS18B20 (28-005544332211 and 28-0000efbeadde): search, match and
 * skip ROM, convert, scratchpad with its CRC, so that the kernel's own w1_therm reads them.
 *
 * /sys/kernel/hwsim_w1/temp: "INDEX RAW" sets a temperature in sixteenths of a degree.
 * Parameters: corrupt=1 breaks the CRC of what is read; cable=0: nobody answers a reset.
 */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/w1.h>

#define N 2

static struct sensor {
	u8 rom[8], pad[9];
	s16 next;                       /* what the next conversion yields */
	bool selected;
} sensors[N];

static enum { IDLE, ROM, SEARCH, MATCH, FUNCTION, OUT, WRITE_PAD } state;
static int bit, nbytes, out_bit;
static u8 command;
static bool corrupt, cable = true;
module_param(corrupt, bool, 0644);
module_param(cable, bool, 0644);

static void seal(struct sensor *s)
{
	s->pad[8] = w1_calc_crc8(s->pad, 8);
	if (corrupt)
		s->pad[8] ^= 0x5a;
}

static u8 reset_bus(void *p)
{
	int i;

	state = cable ? ROM : IDLE;
	bit = nbytes = 0;
	for (i = 0; i < N; i++)
		sensors[i].selected = cable;
	return cable ? 0 : 1;
}

static void function(u8 code)
{
	int i;

	command = code;
	out_bit = nbytes = 0;
	state = code == 0xbe || code == 0xb4 ? OUT : code == 0x4e ? WRITE_PAD : IDLE;
	for (i = 0; i < N; i++) {
		struct sensor *s = &sensors[i];

		if (!s->selected)
			continue;
		if (code == 0x44) {                     /* convert */
			s->pad[0] = s->next;
			s->pad[1] = s->next >> 8;
		}
		if (code == 0x44 || code == 0xbe)       /* read scratchpad */
			seal(s);
	}
}

static u8 read_bit(void)
{
	u8 v = 1;
	int i;

	if (state != OUT)
		return 1;
	for (i = 0; i < N && command != 0xb4; i++)      /* 0xb4: powered from outside, 1 */
		if (sensors[i].selected && out_bit / 8 < 9)
			v &= sensors[i].pad[out_bit / 8] >> out_bit % 8 & 1;
	out_bit++;
	return v;
}

static void write_byte(void *p, u8 b)
{
	int i;

	switch (state) {
	case ROM:
		state = b == 0xcc ? FUNCTION : b == 0x55 ? MATCH : b == 0xf0 || b == 0xec ? SEARCH : IDLE;
		break;
	case MATCH:
		for (i = 0; i < N; i++)
			if (sensors[i].rom[nbytes] != b)
				sensors[i].selected = false;
		if (++nbytes == 8)
			state = FUNCTION;
		break;
	case FUNCTION:
		function(b);
		break;
	case WRITE_PAD:
		for (i = 0; i < N; i++)
			if (sensors[i].selected)
				sensors[i].pad[2 + nbytes] = b;
		if (++nbytes == 3)
			state = IDLE;
		break;
	default:
		break;
	}
}

static u8 read_byte(void *p)
{
	u8 v = 0;
	int i;

	for (i = 0; i < 8; i++)
		v |= read_bit() << i;
	return v;
}

static u8 touch_bit(void *p, u8 b)
{
	return b ? read_bit() : 0;
}

/* One step of the search: both answers of those that are still in, then go on with one of them. */
static u8 triplet(void *p, u8 direction)
{
	int i, id = 1, comp = 1, b;
	u8 r;

	for (i = 0; i < N; i++) {
		if (!sensors[i].selected)
			continue;
		b = sensors[i].rom[bit / 8] >> bit % 8 & 1;
		id &= b;
		comp &= !b;
	}
	if (id && comp)
		return 3;
	if (id != comp)
		direction = id;
	r = id | comp << 1 | (direction ? 4 : 0);
	for (i = 0; i < N; i++)
		if ((sensors[i].rom[bit / 8] >> bit % 8 & 1) != direction)
			sensors[i].selected = false;
	bit++;
	return r;
}

static struct w1_bus_master bus = {
	.touch_bit = touch_bit,
	.read_byte = read_byte,
	.write_byte = write_byte,
	.reset_bus = reset_bus,
	.triplet = triplet,
};

static ssize_t temp_store(struct kobject *k, struct kobj_attribute *a, const char *text, size_t n)
{
	int i, v;

	if (sscanf(text, "%d %i", &i, &v) != 2 || i < 0 || i >= N)
		return -EINVAL;
	sensors[i].next = v;
	return n;
}

static struct kobj_attribute a_temp = __ATTR(temp, 0200, NULL, temp_store);
static struct kobject *ko;

static int __init sim_init(void)
{
	static const u8 ids[N][6] = { { 0x11, 0x22, 0x33, 0x44, 0x55 }, { 0xde, 0xad, 0xbe, 0xef } };
	static const u8 power_on[8] = { 0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10 };
	int i, r;

	for (i = 0; i < N; i++) {
		struct sensor *s = &sensors[i];

		s->rom[0] = 0x28;
		memcpy(s->rom + 1, ids[i], 6);
		s->rom[7] = w1_calc_crc8(s->rom, 7);
		memcpy(s->pad, power_on, 8);
		s->next = i ? 0xff5e : 0x0191;          /* -10.125 and 25.0625: rows of the data sheet */
		seal(s);
	}
	ko = kobject_create_and_add("hwsim_w1", kernel_kobj);
	if (!ko)
		return -ENOMEM;
	r = sysfs_create_file(ko, &a_temp.attr);
	if (!r)
		r = w1_add_master_device(&bus);
	if (r)
		kobject_put(ko);
	return r;
}

static void __exit sim_exit(void)
{
	w1_remove_master_device(&bus);
	kobject_put(ko);
}

module_init(sim_init);
module_exit(sim_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("simulated 1-Wire bus with two DS18B20");
