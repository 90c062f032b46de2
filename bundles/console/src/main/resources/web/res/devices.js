import { get, getAll, post } from "./api.js";
import { chart, spark } from "./chart.js";
import { h } from "./dom.js";
import { ago, duration, lasting, number, unit, value, when } from "./format.js";
import { absent, code, empty, fact, facts, head, note, pill } from "./parts.js";

export const title = "Devices";
export const sign = "devices";

const STATES = { UP: ["ok", "up"], DOWN: ["bad", "down"], STARTING: ["rest", "starting"] };

export async function load(id) {
  const data = await getAll({ status: "/api/status", devices: "/api/devices" });
  if (data.devices.absent) {
    return data;
  }
  const shown = data.devices.devices.filter((d) => !id || d.id === id);
  return { ...data, shown, histories: await pasts(shown, id ? 300 : 60) };
}

/** What the channels of devices were in the last minutes, by device. */
export async function pasts(devices, most) {
  const all = await Promise.all(
    devices.map((d) => get(`/api/devices/${encodeURIComponent(d.id)}/history?most=${most}`).catch(() => ({ device: d.id, channels: {} }))),
  );
  return new Map(all.map((past) => [past.device, past.channels]));
}

export function view({ status, devices, shown, histories }, id) {
  const now = Date.parse(status.time);
  if (devices.absent) {
    return h("div", { class: "stack" }, head("Devices"), absent(devices.absent));
  }
  if (id) {
    return detail(id, shown[0], histories.get(id) ?? {}, now);
  }
  return h("div", { class: "stack" },
    head("Devices", h("span", { class: "muted" }, `${shown.length} configured`)),
    shown.length === 0
      ? empty("No device yet",
          [h("a", { href: "#/setup" }, "Set one up here"), ", or by hand:"],
          ["A device is one file in ", code("conf/"), ", named after its driver: for example ", code("io.selvedge.driver.simulated-office.cfg"), " holding ", code("device.id = office"), "."],
          "It appears here within a second of being saved. Other drivers: drop their bundle into deploy/.")
      : h("div", { class: "cards" }, shown.map((d) => card(d, histories.get(d.id) ?? {}, now))),
  );
}

function card(device, past, now) {
  return h("section", { class: "card", "data-key": device.id },
    h("h2", null, h("a", { href: `#/devices/${encodeURIComponent(device.id)}` }, device.id), " ", state(device)),
    h("p", { class: "muted" }, about(device, now)),
    reason(device, now),
    h("ul", { class: device.channels.some(isSwitch) ? "channels switches" : "channels" }, device.channels.map((c) => row(device, c, past[c.id] ?? []))),
  );
}

const driver = (device) => device.driver.replace(/^io\.selvedge\.driver\./, "");

const state = (device) => pill(...(STATES[device.state] ?? ["rest", device.state]));

const about = (device) => `${driver(device)} on ${device.bus}, every ${interval(device.interval)}`;

function interval(iso) {
  const seconds = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(iso);
  if (!seconds) {
    return iso;
  }
  const total = Number(seconds[1] ?? 0) * 3600 + Number(seconds[2] ?? 0) * 60 + Number(seconds[3] ?? 0);
  return total < 1 ? `${Math.round(total * 1000)} ms` : total < 60 ? `${number(total)} s` : duration(total);
}

function reason(device, now) {
  if (device.state !== "DOWN") {
    return device.reason && h("p", { class: "note warn" }, h("strong", null, "It answers, but"), " ", device.reason);
  }
  return h("p", { class: "note bad" },
    h("strong", null, `No answer for ${lasting(device.since, now)}:`), " ", device.reason,
    h("br"), device.reason.includes("could not be made from its configuration")
      ? ["Mend its settings in ", h("a", { href: "#/setup" }, "Setup"), "."]
      : "It is tried again by itself, at the latest after half a minute.");
}

export function shownValue(channel) {
  if (channel.missing) {
    const why = channel.missing.reason.toLowerCase().replaceAll("_", " ");
    return h("span", { class: "value none", title: channel.missing.detail }, why);
  }
  if (channel.value === undefined) {
    return h("span", { class: "value none" }, channel.access === "WRITE" ? "write only" : "no value yet");
  }
  return h("span", { class: "value" }, value(channel.value), channel.unit && channel.unit !== "1" && h("small", null, ` ${unit(channel.unit)}`));
}

const isSwitch = (c) => c.kind === "FLAG" && c.access !== "READ";

export const words = (id) => id.replaceAll("_", " ");

function row(device, channel, points) {
  return h("li", { "data-key": channel.id },
    h("span", { class: "name" }, words(channel.id)),
    channel.kind === "TEXT" ? h("span") : spark(points, channel.kind === "FLAG"),
    isSwitch(channel) && control(device, channel),
    shownValue(channel),
    channel.access !== "READ" && !isSwitch(channel) && control(device, channel),
  );
}

function control(device, channel) {
  const to = { "data-device": device.id, "data-channel": channel.id, "data-kind": channel.kind };
  const label = `${device.id} ${words(channel.id)}`;
  if (channel.kind === "FLAG") {
    const on = channel.value === true;
    return h("div", { class: "control" },
      h("button", { ...to, type: "button", class: "switch", role: "switch", "aria-checked": on ? "true" : "false", "aria-label": label, "data-do": "toggle", "data-on": on ? "yes" : null },
        h("span", { class: "knob" })));
  }
  return h("form", { ...to, class: "control", "data-do": "set" },
    h("input", { name: "value", "aria-label": `new value of ${label}`, required: true, type: channel.kind === "TEXT" ? "text" : "number", step: channel.kind === "WHOLE" ? "1" : "any", placeholder: "new value" }),
    h("button", { type: "submit" }, "Set"));
}

function detail(id, device, past, now) {
  const back = h("a", { href: "#/devices", class: "more" }, "All devices");
  if (!device) {
    return h("div", { class: "stack" }, head(id, back), empty("There is no such device", "It may have been removed, or renamed in its file in conf/."));
  }
  return h("div", { class: "stack" },
    head(id, state(device), back),
    reason(device, now),
    h("section", { class: "card" }, facts(
      fact("driver", driver(device)),
      fact("bus", device.bus),
      fact("read every", interval(device.interval)),
      fact(device.state === "DOWN" ? "down for" : "in this state for", h("time", { datetime: device.since, title: when(device.since) }, lasting(device.since, now))),
      fact("reads answered", number(device.reads)),
      fact("not answered", number(device.failures)),
    )),
    h("div", { class: "cards wide" }, device.channels.map((c) =>
      h("section", { class: "card", "data-key": c.id },
        h("h2", { class: "spread" }, words(c.id), shownValue(c)),
        c.time && h("p", { class: "muted" }, `measured ${ago(c.time, now)}`),
        c.missing?.detail && note("warn", "No value:", c.missing.detail),
        c.kind !== "TEXT" && (past[c.id]?.length || !c.missing) && chart(past[c.id] ?? [], `${words(c.id)} over the last minutes`, c.kind === "FLAG"),
        c.access !== "READ" && control(device, c),
      ))),
  );
}

async function send(element, wanted) {
  const { device, channel } = element.dataset;
  await post(`/api/devices/${encodeURIComponent(device)}/channels/${encodeURIComponent(channel)}`, { value: wanted });
  return `${device} ${words(channel)} was set to ${value(wanted)}`;
}

export const actions = {
  toggle: (button) => send(button, button.getAttribute("aria-checked") !== "true"),
  async set(form) {
    const input = form.elements.value;
    const said = await send(form, form.dataset.kind === "TEXT" ? input.value : Number(input.value));
    input.value = "";
    return said;
  },
};
