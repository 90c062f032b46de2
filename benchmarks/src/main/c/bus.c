/*
 * What the kernel itself gives on a bus: the yardstick of ./selvedge bench bus.
 *
 *   bus serve DEVICE ADDRESS REGISTER CHIP LINE
 *       does what it reads, a line each, and prints the nanoseconds that one took:
 *         i2c COUNT    reads of one byte by I2C_RDWR
 *         set COUNT    the line switched on and off
 *   bus edges CHIP LINE COUNT
 *       says "ready", waits in poll for edges, prints the median of the nanoseconds from the kernel's time of
 *       the edge to having read it
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

static int64_t reads(int fd, int address, unsigned char reg, int count)
{
	unsigned char value;
	struct i2c_msg messages[2] = { { address, 0, 1, &reg }, { address, I2C_M_RD, 1, &value } };
	struct i2c_rdwr_ioctl_data transfer = { messages, 2 };
	int64_t begun = now();
	int i;

	for (i = 0; i < count; i++)
		must(ioctl(fd, I2C_RDWR, &transfer) == 2, "transfer");
	return (now() - begun) / count;
}

static int64_t sets(int fd, int count)
{
	struct gpio_v2_line_values values = { 0, 1 };
	int64_t begun = now();
	int i;

	for (i = 0; i < count; i++) {
		values.bits = i & 1;
		must(ioctl(fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0, "set");
	}
	return (now() - begun) / count;
}

static void serve(char **argv)
{
	int i2c = open(argv[2], O_RDWR | O_CLOEXEC), address = strtol(argv[3], 0, 0), count;
	int output = line(argv[5], atoi(argv[6]), GPIO_V2_LINE_FLAG_OUTPUT);
	unsigned char reg = strtol(argv[4], 0, 0);
	char what[8];

	must(i2c >= 0, argv[2]);
	while (scanf("%7s %d", what, &count) == 2) {
		int64_t each = strcmp(what, "i2c") ? sets(output, count) : reads(i2c, address, reg, count);

		printf("%lld\n", (long long)each);
		fflush(stdout);
	}
}

static void edges(const char *chip, int offset, int count)
{
	int fd = line(chip, offset,
		GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING);
	int64_t *late = calloc(count, sizeof(*late));
	int got = 0;

	puts("ready");
	fflush(stdout);
	while (got < count) {
		struct pollfd wait = { fd, POLLIN, 0 };
		struct gpio_v2_line_event event;

		if (poll(&wait, 1, 2000) != 1)
			break;  /* the simulator may merge two */
		must(read(fd, &event, sizeof(event)) == sizeof(event), "edge");
		late[got++] = now() - (int64_t)event.timestamp_ns;
	}
	must(got >= count / 2, "too few edges");
	qsort(late, got, sizeof(*late), compare);
	printf("%lld\n", (long long)late[got / 2]);
}

int main(int argc, char **argv)
{
	if (argc == 7 && !strcmp(argv[1], "serve")) {
		serve(argv);
	} else if (argc == 5 && !strcmp(argv[1], "edges")) {
		edges(argv[2], atoi(argv[3]), atoi(argv[4]));
	} else {
		fprintf(stderr, "usage: see the head of bus.c\n");
		return 2;
	}
	return 0;
}
