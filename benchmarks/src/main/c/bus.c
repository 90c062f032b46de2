/*
 * What the kernel itself gives on a bus: the yardstick of ./selvedge bench bus.
 *
 *   bus i2c DEVICE ADDRESS REGISTER COUNT    reads of one byte by I2C_RDWR; prints nanoseconds each
 *   bus set CHIP LINE COUNT                  a line switched on and off; prints nanoseconds each
 *   bus edges CHIP LINE COUNT                waits in poll for edges; prints the median of the
 *                                            nanoseconds from the kernel's time of the edge to having read it
 */
#include <fcntl.h>
#include <linux/gpio.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void must(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

static int line(const char *chip, int offset, uint64_t flags)
{
	struct gpio_v2_line_request request;
	int fd = open(chip, O_RDWR | O_CLOEXEC);

	must(fd >= 0, chip);
	memset(&request, 0, sizeof(request));
	request.offsets[0] = offset;
	request.num_lines = 1;
	request.config.flags = flags;
	strcpy(request.consumer, "bench");
	must(ioctl(fd, GPIO_V2_GET_LINE_IOCTL, &request) == 0, "line");
	return request.fd;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "i2c")) {
		unsigned char reg = strtol(argv[4], 0, 0), value;
		int address = strtol(argv[3], 0, 0), count = atoi(argv[5]), fd = open(argv[2], O_RDWR), i;
		struct i2c_msg messages[2] = { { address, 0, 1, &reg }, { address, I2C_M_RD, 1, &value } };
		struct i2c_rdwr_ioctl_data transfer = { messages, 2 };
		int64_t begun;

		must(fd >= 0, argv[2]);
		begun = now();
		for (i = 0; i < count; i++)
			must(ioctl(fd, I2C_RDWR, &transfer) == 2, "transfer");
		printf("%lld\n", (long long)(now() - begun) / count);
	} else if (argc == 5 && !strcmp(argv[1], "set")) {
		int fd = line(argv[2], atoi(argv[3]), GPIO_V2_LINE_FLAG_OUTPUT), count = atoi(argv[4]), i;
		struct gpio_v2_line_values values = { 0, 1 };
		int64_t begun = now();

		for (i = 0; i < count; i++) {
			values.bits = i & 1;
			must(ioctl(fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0, "set");
		}
		printf("%lld\n", (long long)(now() - begun) / count);
	} else if (argc == 5 && !strcmp(argv[1], "edges")) {
		int count = atoi(argv[4]), got = 0;
		int fd = line(argv[2], atoi(argv[3]),
			GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING);
		int64_t *late = calloc(count, sizeof(*late));

		puts("ready");
		fflush(stdout);
		while (got < count) {
			struct pollfd wait = { fd, POLLIN, 0 };
			struct gpio_v2_line_event event;

			if (poll(&wait, 1, 10000) != 1)
				break;  /* the simulator may merge two */
			must(read(fd, &event, sizeof(event)) == sizeof(event), "edge");
			late[got++] = now() - (int64_t)event.timestamp_ns;
		}
		must(got >= count * 9 / 10, "too few edges");
		qsort(late, got, sizeof(*late), compare);
		printf("%lld\n", (long long)late[got / 2]);
	} else {
		fprintf(stderr, "usage: see the head of bus.c\n");
		return 2;
	}
	return 0;
}
