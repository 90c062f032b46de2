#!/usr/bin/env python3
"""Writes the golden payloads, from the description of the format alone.

Knows nothing of the classes under test: it puts bytes together field by field, as
kurapayload.proto (proto2, package kuradatatypes) and the encoding guide of Protocol Buffers say.
Needs Python 3 and nothing else. Run it in this folder: python3 make.py
"""
import gzip
import struct

VARINT, FIXED64, LENGTH, GROUP, END_GROUP, FIXED32 = 0, 1, 2, 3, 4, 5
TIME = 1422886740000  # 2015-02-02T14:19:00Z


def varint(number):
    """Seven bits a byte, lowest first; a negative number is its two's complement of 64 bits."""
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag(field, wire):
    return varint(field << 3 | wire)


def int_field(field, number):
    return tag(field, VARINT) + varint(number)


def double_field(field, number):
    return tag(field, FIXED64) + struct.pack("<d", number)


def float_field(field, number):
    return tag(field, FIXED32) + struct.pack("<f", number)


def bytes_field(field, value):
    value = value.encode("utf-8") if isinstance(value, str) else value
    return tag(field, LENGTH) + varint(len(value)) + value


# name of the type: number of the type, field of the value, writer of the value
TYPES = {
    "DOUBLE": (0, 3, double_field),
    "FLOAT": (1, 4, float_field),
    "INT64": (2, 5, int_field),
    "INT32": (3, 6, int_field),
    "BOOL": (4, 7, int_field),
    "STRING": (5, 8, bytes_field),
    "BYTES": (6, 9, bytes_field),
}


def metric_bytes(name, kind, value):
    number, field, write = TYPES[kind]
    return bytes_field(1, name) + int_field(2, number) + write(field, value)


def timestamp(millis=TIME):
    return ("timestamp %d" % millis, int_field(1, millis))


def metric(name, kind, value):
    shown = value.hex() if isinstance(value, bytes) else value
    return ("metric %s %s %s" % (name, kind, shown), bytes_field(5000, metric_bytes(name, kind, value)))


def text(name, value):
    return metric(name, "STRING", value)


def body(value):
    return ("body", bytes_field(5001, value))


def position(comment, *fields):
    return ("position " + comment, bytes_field(2, b"".join(fields)))


def plain(fields):
    return b"".join(data for _, data in fields)


def save(name, *fields):
    with open(name + ".hex", "w", encoding="utf-8") as out:
        for comment, data in fields:
            out.write("%s  # %s\n" % (data.hex(), comment.replace("\n", "\\n")))


EVERY_TYPE = [
    timestamp(),
    metric("d", "DOUBLE", 23.6875),
    metric("f", "FLOAT", 1.5),
    metric("l", "INT64", -1),
    metric("i", "INT32", 300),
    metric("n", "INT32", -2),
    metric("b", "BOOL", 1),
    metric("t", "STRING", "ü"),
    metric("x", "BYTES", b"\x00\xff"),
]
save("telemetry-every-type", *EVERY_TYPE)

save(
    "telemetry-record",
    timestamp(),
    metric("co2", "DOUBLE", 721.25),
    metric("count", "INT64", 9007199254740993),
    text("missing.humidity", "NO_ANSWER: timeout"),
    metric("occupancy", "BOOL", 1),
    text("unit.co2", "[ppm]"),
    text("message.source", "flow/office"),
    text("outbox.id", "f00d"),
    metric("record.id", "INT64", 9),
)

save("telemetry-body", timestamp(), body('{"a":1}'))

FULL_POSITION = position(
    "48 N 11 E, 520 m, all nine fields",
    double_field(1, 48.0),
    double_field(2, 11.0),
    double_field(3, 520.0),
    double_field(4, 2.5),
    double_field(5, 271.0),
    double_field(6, 0.5),
    int_field(7, TIME),
    int_field(8, 5),
    int_field(9, 3),
)
save("telemetry-position", timestamp(), FULL_POSITION, metric("d", "DOUBLE", 1.0))

LONG = [timestamp(), text("long", "selvedge " * 40)]
save("telemetry-gzip", ("gzip of telemetry-gzip-plain", gzip.compress(plain(LONG), mtime=0)))
save("telemetry-gzip-plain", *LONG)

LIFE = [
    timestamp(),
    position("48 N 11 E, 520 m", double_field(1, 48.0), double_field(2, 11.0), double_field(3, 520.0)),
    text("uptime", "86400000"),
    text("display_name", "gw-1"),
    text("model_name", "Raspberry Pi 4 Model B Rev 1.4"),
    text("model_id", "UNKNOWN"),
    text("part_number", "UNKNOWN"),
    text("serial_number", "10000000abcdef01"),
    text("available_processors", "4"),
    text("total_memory", "262144"),
    text("firmware_version", "UNKNOWN"),
    text("cpu_version", "ARMv7 Processor rev 3 (v7l)"),
    text("bios_version", "UNKNOWN"),
    text("os", "Linux"),
    text("os_version", "6.1.0"),
    text("os_arch", "aarch64"),
    text("jvm_name", "OpenJDK 64-Bit Server VM"),
    text("jvm_version", "17.0.9+9 mixed mode"),
    text("jvm_profile", "Eclipse Adoptium 17.0.9"),
    text("jvm_vendor", "Eclipse Adoptium"),
    text("jdk_vendor_version", "Temurin-17.0.9+9"),
    text("kura_version", "Selvedge 0.1.0"),
    text("application_framework", "Selvedge"),
    text("application_framework_version", "0.1.0"),
    text("osgi_framework", "Apache Felix"),
    text("osgi_framework_version", "1.10.0"),
    text("connection_interface", "eth0 (02:00:00:00:00:01)"),
    text("connection_ip", "192.0.2.7"),
    text("accept_encoding", "gzip"),
    text("payload_encoding", "KURA_PROTOBUF"),
    metric("connection.time", "INT64", TIME),
]
save("birth", *LIFE, text("application_ids", "TWIN-V1"))
save("apps", *LIFE, text("application_ids", "INVENTORY-V1,TWIN-V1"))
CONNECTION = metric("connection.time", "INT64", TIME)
save("dc", timestamp(), text("uptime", "86400000"), text("display_name", "gw-1"), CONNECTION)
save("lwt", timestamp(), text("display_name", "gw-1"), CONNECTION)

ASKED = [text("request.id", "42"), text("requester.client.id", "HUB")]
save("request", timestamp(), *ASKED, metric("length", "INT64", 65536), metric("offset", "INT64", 0), body("ask"))
save("request-without-requester", timestamp(), text("request.id", "42"))


def code(number):
    return metric("response.code", "INT32", number)


save("reply-200", timestamp(), code(200), metric("size", "INT64", 812), body("{}"))
save("reply-400", timestamp(), code(400), text("response.exception.message", "method [FETCH] must be GET"))
save("reply-404", timestamp(), code(404), text("response.exception.message", "application [CONF-V1] is not here"))
save(
    "reply-500",
    timestamp(),
    code(500),
    text("response.exception.message", "out of order"),
    text("response.exception.stack", "java.lang.IllegalStateException: out of order\n\tat a.B.c(B.java:1)\n"),
)
NOTIFY = [
    timestamp(),
    metric("operation.id", "INT64", 42),
    text("status", "IN_PROGRESS"),
    metric("progress", "INT32", 30),
    text("message", "block 3 of 10"),
]
save("notify", *NOTIFY)
save(
    "notify-text-id",
    timestamp(),
    text("operation.id", "a1-7"),
    text("status", "FAILED"),
    metric("progress", "INT32", 30),
    text("message", "deployment.bad_signature"),
)

save(
    "unknown-fields",
    ("extension 3, varint", int_field(3, 1)),
    ("extension 4, length-delimited", bytes_field(4, "a")),
    timestamp(),
    ("extension 5, 64 bits", double_field(5, 1.0)),
    ("extension 6, 32 bits", float_field(6, 1.0)),
    ("extension 4999, group around a varint", tag(4999, GROUP) + int_field(1, 1) + tag(4999, END_GROUP)),
    position("with an unknown field 10", double_field(1, 48.0), double_field(2, 11.0), bytes_field(10, "x")),
    ("metric i with an unknown field 11", bytes_field(5000, metric_bytes("i", "INT32", 7) + bytes_field(11, "xx"))),
    ("metric j with the value of another type besides", bytes_field(5000, metric_bytes("j", "INT32", 8) + double_field(3, 1.0))),
    ("field 6000, length-delimited", bytes_field(6000, "later")),
)
save("metric-without-name", timestamp(), ("metric, no name", bytes_field(5000, int_field(2, 3) + int_field(6, 1))))
save("metric-without-type", timestamp(), ("metric, no type", bytes_field(5000, bytes_field(1, "i") + int_field(6, 1))))
save("metric-of-unknown-type", timestamp(), ("metric of type 9", bytes_field(5000, bytes_field(1, "i") + int_field(2, 9))))
save("metric-without-value", timestamp(), ("metric i INT32, no value", bytes_field(5000, bytes_field(1, "i") + int_field(2, 3))))
save(
    "metric-twice",
    timestamp(),
    metric("i", "INT32", 1),
    metric("i", "INT32", 2),
)
save("position-without-longitude", timestamp(), position("no longitude", double_field(1, 48.0)), metric("i", "INT32", 1))
save("cut-off", *EVERY_TYPE[:1], ("metric that says it is 14 bytes long, 6 are there", EVERY_TYPE[1][1][:10]))

# Remote management: what Kapua asks and what Kura answers
KAPUA = [text("request.id", "-4611686018427387904"), text("requester.client.id", "kapua-1")]
CONF = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<esf:configurations xmlns:esf="http://eurotech.com/esf/2.0" xmlns:ocd="http://www.osgi.org/xmlns/metatype/v1.2.0">'
    '<esf:configuration pid="io.selvedge.driver.simulated~hall"><esf:properties>'
    '<esf:property array="false" encrypted="false" name="interval.ms" type="Integer"><esf:value>250</esf:value></esf:property>'
    "</esf:properties></esf:configuration></esf:configurations>"
)
save("conf-put", timestamp(), *KAPUA, body(CONF))
save(
    "deploy-download",
    timestamp(),
    *KAPUA,
    metric("job.id", "INT64", 7000000000),
    text("dp.uri", "https://files.example.org/heater-1.0.0.dp"),
    text("dp.name", "heater"),
    text("dp.version", "1.0.0"),
    text("dp.download.protocol", "HTTPS"),
    text("dp.download.hash", "SHA-256:" + "0f" * 32),
    text("dp.download.username", "me"),
    text("dp.download.password", "secret"),
    metric("dp.download.block.size", "INT32", 4096),
    metric("dp.install", "BOOL", 1),
    metric("dp.install.system.update", "BOOL", 0),
    metric("dp.reboot", "BOOL", 0),
)
save(
    "deploy-download-busy",
    timestamp(),
    code(500),
    text("response.exception.message", "Another resource is already in download"),
    text("download.status", "IN_PROGRESS"),
    body("Another resource is already in download"),
)
save(
    "deploy-notify-download",
    timestamp(),
    metric("operation.id", "INT64", -4611686018427387904),
    text("status", "IN_PROGRESS"),
    metric("progress", "INT32", 50),
    text("message", ""),
    text("client.id", "gw-1"),
    metric("dp.download.index", "INT32", 0),
    metric("dp.download.progress", "INT32", 50),
    metric("dp.download.size", "INT32", 524288),
    text("dp.download.status", "IN_PROGRESS"),
    metric("job.id", "INT64", 7000000000),
)
save(
    "deploy-notify-install",
    timestamp(),
    metric("operation.id", "INT64", -4611686018427387904),
    text("status", "FAILED"),
    metric("progress", "INT32", 0),
    text("message", "not signed"),
    text("client.id", "gw-1"),
    text("dp.install.error.message", "not signed"),
    metric("dp.install.progress", "INT32", 0),
    text("dp.install.status", "FAILED"),
    text("dp.name", "heater-1.0.0"),
    metric("job.id", "INT64", 7000000000),
)
save(
    "command",
    timestamp(),
    *KAPUA,
    text("command.command", "/bin/echo"),
    text("command.argument0", "-n"),
    text("command.argument1", "up; id"),
    metric("command.timeout", "INT32", 5),
    metric("command.run.async", "BOOL", 0),
)
save(
    "command-reply",
    timestamp(),
    code(200),
    metric("command.exit.code", "INT32", 0),
    text("command.stderr", ""),
    text("command.stdout", "up; id"),
    metric("command.timedout", "BOOL", 0),
)
save(
    "asset-read",
    timestamp(),
    *KAPUA,
    body('[{"name":"hall","channels":[{"name":"temperature"},{"name":"fan"}]}]'),
)
save(
    "asset-read-reply",
    timestamp(),
    code(200),
    body(
        '[{"name":"hall","channels":[{"name":"temperature","type":"DOUBLE","value":"21.5","timestamp":1422886740000},'
        '{"name":"fan","type":"BOOLEAN","value":"true","timestamp":1422886740000}]}]'
    ),
)
