import { getAll } from "./api.js";
import { spark } from "./chart.js";
import { pasts, shownValue, words } from "./devices.js";
import { h } from "./dom.js";
import { ago, duration, lasting, number, value, when } from "./format.js";
import { fact, facts, head, pill, severity } from "./parts.js";

export const title = "Overview";
export const short = "Home";
export const sign = "overview";

const TILES = 8;

export async function load() {
  const data = await getAll({
    status: "/api/status",
    devices: "/api/devices",
    flows: "/api/flows",
    models: "/api/models",
    decisions: "/api/decisions?most=1&acted=true",
    events: "/api/events?most=6",
  });
  const tiles = [];
  for (const device of data.devices.devices ?? []) {
    for (const channel of device.channels) {
      if (channel.kind !== "TEXT" && channel.value !== undefined && tiles.length < TILES) {
        tiles.push({ device, channel });
      }
    }
  }
  const histories = await pasts([...new Set(tiles.map((t) => t.device))], 60);
  return { ...data, tiles, histories };
}

export function view({ status, devices, flows, models, decisions, events, tiles, histories }) {
  const now = Date.parse(status.time);
  return h("div", { class: "stack" },
    head("Overview", h("span", { class: "muted" }, `up ${duration((now - Date.parse(status.started)) / 1000)} · version ${status.version}`)),
    readiness(status),
    h("div", { class: "loop" },
      sense(devices),
      decide(flows),
      actCard(decisions, now),
      learn(models, status.deployment),
    ),
    tiles.length > 0 && h("section", { class: "tiles", "aria-label": "Live values" }, tiles.map(({ device, channel }) =>
      h("a", { class: "card tile", href: `#/devices/${encodeURIComponent(device.id)}`, "data-key": `${device.id}/${channel.id}` },
        h("span", { class: "muted" }, `${device.id} ${words(channel.id)}`),
        shownValue(channel),
        spark(histories.get(device.id)?.[channel.id] ?? [], channel.kind === "FLAG")))),
    h("div", { class: "two" },
      uplink(status.uplink, now),
      diary(events, now),
    ),
  );
}

function readiness({ ready, checks }) {
  const wrong = checks.filter((c) => !c.ok);
  return h("section", { class: "card" },
    h("h2", null, ready ? "The gateway is ready " : "The gateway is not ready ", pill(ready ? "ok" : "warn", ready ? "ready" : "not ready")),
    !ready && h("ul", { class: "plain" }, wrong.map((c) => h("li", null, h("strong", null, c.name), `: ${c.message}`))),
    checks.length > 0 && h("details", null,
      h("summary", null, checks.length === 1 ? "One check" : `${checks.length} checks`),
      h("ul", { class: "plain" }, checks.map((c) => h("li", null, pill(c.ok ? "ok" : "bad", c.ok ? "holds" : "fails"), " ", h("strong", null, c.name), ` ${c.message}`))),
    ),
  );
}

function step(name, href, big, small, kind) {
  return h("a", { class: `card step ${kind}`, href },
    h("span", { class: "step-name" }, h("span", { class: "dot-mark" }), name),
    h("span", { class: "big" }, big),
    h("span", { class: "muted" }, small),
  );
}

function sense(devices) {
  if (devices.absent) {
    return step("Sense", "#/devices", "–", "device loop not running", "bad");
  }
  const all = devices.devices;
  const up = all.filter((d) => d.state === "UP").length;
  const channels = all.reduce((sum, d) => sum + d.channels.length, 0);
  if (all.length === 0) {
    return step("Sense", "#/devices", "0", "no device is configured yet", "warn");
  }
  const down = all.filter((d) => d.state === "DOWN").map((d) => d.id);
  return step("Sense", "#/devices", `${up} of ${all.length}`, down.length ? `down: ${down.join(", ")}` : `devices up, ${channels} channels`, down.length ? "warn" : "ok");
}

function decide(flows) {
  if (flows.absent) {
    return step("Decide", "#/flows", "–", "flow engine not running", "bad");
  }
  const all = flows.flows;
  if (all.length === 0) {
    return step("Decide", "#/flows", "0", "no flow is declared yet", "warn");
  }
  const total = all.reduce((sum, f) => sum + f.decisions, 0);
  const waiting = all.filter((f) => f.waiting || f.refused).map((f) => f.name);
  return step("Decide", "#/flows", number(total), waiting.length ? `decisions; look at ${waiting.join(", ")}` : `decisions of ${all.length} ${all.length === 1 ? "flow" : "flows"}`, waiting.length ? "warn" : "ok");
}

function actCard(decisions, now) {
  const [acted] = decisions.decisions ?? [];
  if (!acted) {
    return step("Act", "#/flows", "–", "no command was sent lately", "rest");
  }
  const [command] = acted.commands;
  return step("Act", "#/flows", `${command.target.split("/")[1]} ${value(command.value)}`, `${command.target}, ${ago(acted.time, now)}`, "ok");
}

function learn(models, deployment) {
  const live = models.models ?? [];
  const revision = deployment?.revision ?? 0;
  const bad = deployment?.state === "REFUSED" || deployment?.state === "REVERTED";
  const below = bad
    ? `revision ${deployment.newest} ${deployment.state === "REFUSED" ? "refused" : "taken back"}`
    : revision ? `deployment revision ${revision}` : "nothing was deployed yet";
  if (models.absent) {
    return step("Learn", "#/models", "–", "inference not running", "bad");
  }
  if (live.length === 0) {
    return step("Learn", "#/models", "no model", below, "rest");
  }
  const text = live.length === 1 ? `${live[0].name} ${live[0].version}` : `${live.length} models`;
  return step("Learn", "#/models", text, below, bad ? "warn" : "ok");
}

function uplink(up, now) {
  if (!up) {
    return h("section", { class: "card" }, h("h2", null, "Uplink"),
      h("p", { class: "muted" }, "No uplink is configured. The gateway works without one; to send what it measures, configure a hub in conf/."));
  }
  const dropped = Object.entries(up.dropped);
  return h("section", { class: "card" },
    h("h2", null, "Uplink ", up.connected ? pill("ok", "connected") : pill("warn", "no connection")),
    h("p", { class: "muted" }, up.endpoint, `, ${up.connected ? "connected" : "without connection"} for ${lasting(up.since, now)}`),
    up.reason && h("p", null, up.reason),
    facts(
      fact("accepted", number(up.accepted)),
      fact("delivered", number(up.delivered)),
      fact("waiting", number(up.pending)),
      fact("dropped", dropped.length ? dropped.map(([why, n]) => `${number(n)} ${why}`).join(", ") : "0"),
    ),
    !up.connected && h("p", { class: "muted" }, "Nothing is lost meanwhile: messages wait on disk until the hub is back."),
  );
}

function diary(events, now) {
  const list = events.events ?? [];
  return h("section", { class: "card" },
    h("h2", null, "Latest events ", h("a", { class: "more", href: "#/events" }, "all")),
    list.length === 0
      ? h("p", { class: "muted" }, "Nothing has happened yet.")
      : h("ul", { class: "diary" }, list.map((e) =>
          h("li", null, severity(e.severity), h("span", { class: "what" }, e.message), h("time", { datetime: e.time, title: when(e.time) }, ago(e.time, now))))),
  );
}
