import { del, getAll, post } from "./api.js";
import { bar } from "./chart.js";
import { h } from "./dom.js";
import { ago, number, when } from "./format.js";
import { empty, fact, facts, head, note, pill } from "./parts.js";

export const title = "Data";
export const sign = "data";

const NEWEST = 25;

/** Messages and dead letters of all uplinks that have any. */
export async function load() {
  const page = await getAll({ status: "/api/status", distribution: "/api/distribution?days=1" });
  const names = page.distribution.uplinks.map((u) => u.name);
  const parts = await Promise.all(names.map(async (name) => {
    const { messages, dead } = await getAll({
      messages: `/api/distribution/messages?most=${NEWEST}&uplink=${encodeURIComponent(name)}`,
      dead: `/api/outbox/dead-letters?uplink=${encodeURIComponent(name)}`,
    });
    return { messages: messages.messages ?? [], dead: (dead.letters ?? []).map((l) => ({ ...l, uplink: name })) };
  }));
  const messages = parts.flatMap((p) => p.messages).sort((x, y) => Date.parse(y.delivered) - Date.parse(x.delivered)).slice(0, NEWEST);
  return { ...page, messages, dead: parts.flatMap((p) => p.dead), several: names.length > 1 };
}

export function view({ status, distribution, messages, dead, several }) {
  const now = Date.parse(status.time);
  const flows = grouped(distribution.flows);
  return h("div", { class: "stack" },
    head("Data", h("span", { class: "muted" }, "what goes up, what waits, what stays here")),
    distribution.uplinks.length === 0
      ? empty("No uplink", "Nothing goes up until the gateway is connected to a hub; see operations.md, Connect to a hub.")
      : h("div", { class: "cards wide" }, distribution.uplinks.map(uplinkCard)),
    flows.length === 0
      ? empty("No flow has seen data yet", "Flows decide what goes up; their counts appear here as soon as one of them has a row.")
      : h("div", { class: "cards wide" }, flows.map(([name, lines]) => flowCard(name, lines, distribution))),
    letters(dead, now),
    table(messages, now, several),
  );
}

function grouped(lines) {
  const flows = new Map();
  for (const line of lines) {
    flows.set(line.flow, [...(flows.get(line.flow) ?? []), line]);
  }
  return [...flows];
}

const LINKS = {
  normal: "all goes up",
  slow: "what is least urgent waits",
  metered: "only what is urgent goes up",
  off: "nothing goes up, even where the hub can be reached",
};

function uplinkCard(uplink) {
  const pending = uplink.sources.reduce((sum, s) => sum + s.pending, 0);
  const bytes = uplink.sources.reduce((sum, s) => sum + s.pendingBytes, 0);
  return h("section", { class: "card", "data-key": `uplink-${uplink.name}` },
    h("h2", null, `Link: ${uplink.name} `, uplink.connected ? pill("ok", "connected") : pill("warn", "not connected")),
    h("div", { class: "choice", role: "group", "aria-label": `state of the link ${uplink.name}` }, ["auto", ...Object.keys(LINKS)].map((state) =>
      h("button", { type: "button", "data-do": "link", "data-uplink": uplink.name, "data-link": state, "data-key": state, "aria-pressed": state === chosen(uplink) ? "true" : "false" }, state))),
    h("p", { class: "muted" }, `Now ${uplink.link}: ${LINKS[uplink.link] ?? uplink.link}. ${upper(uplink.linkReason.text)}, since `, h("time", { datetime: uplink.linkReason.since }, when(uplink.linkReason.since)), "."),
    facts(
      fact("waiting", number(pending)),
      fact("size", size(bytes)),
      fact("delivered", number(uplink.sources.reduce((sum, s) => sum + s.delivered, 0))),
    ),
  );
}

/** What somebody chose; where nobody did, the gateway decides by itself. */
function chosen(uplink) {
  return uplink.linkReason.cause === "by_hand" ? uplink.link : "auto";
}

function upper(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function flowCard(name, lines, { budgets, uplinks }) {
  const budget = budgets.find((b) => b.flow === name);
  const waiting = uplinks.map((u) => [u.name, u.sources.find((s) => s.source === `flow/${name}`)]).filter(([, s]) => s);
  return h("section", { class: "card", "data-key": `flow-${name}` },
    h("h2", null, name, " ", h("span", { class: "muted day" }, `${lines[0].day} UTC`)),
    lines.map(stream),
    budget && budgetBar(budget),
    waiting.map(([uplink, s]) => outbox(uplink, s)),
  );
}

const REASONS = {
  unchanged: "unchanged", certain: "model was sure", undecided: "no decision", policy: "policy", budget: "budget used up", link: "link", cut_off: "cut off",
};

/** One bar: what went up, what went into aggregates, what is being gathered, what stayed. */
function stream(line) {
  const stayed = Object.entries(line.stayed).filter(([, n]) => n > 0);
  const parts = [
    ["sent", line.sent],
    ["in aggregates", line.merged],
    ["being gathered", line.gathering],
    ["stayed", stayed.reduce((sum, [, n]) => sum + n, 0)],
  ];
  const why = stayed.map(([reason, n]) => `${REASONS[reason] ?? reason} ${number(n)}`).join(", ");
  const words = parts.filter(([, n]) => n > 0).map(([what, n]) => `${number(n)} ${what}`);
  const lost = line.handed.reduce((sum, u) => sum + u.refused + u.lost, 0);
  return h("div", { "data-key": line.stream },
    h("h3", null, line.stream === "measurements" ? "rows of measurements" : line.stream, " ", h("span", { class: "muted" }, number(line.seen))),
    line.seen > 0 && bar(parts.map(([what, n]) => [what, n / line.seen]), words.join(", ")),
    h("p", { class: "legend" }, parts.map(([what, n], i) => n > 0 && h("span", { class: `key p${i}` }, `${number(n)} ${what}`, what === "stayed" && why ? ` (${why})` : ""))),
    line.surplus > 0 && h("p", { class: "muted" }, `${number(line.surplus)} beyond the budget wait for a normal link`),
    lost > 0 && note("warn", `${number(lost)} ${lost === 1 ? "message" : "messages"} went nowhere:`, "the uplink was away for too long, or refused them."),
  );
}

function budgetBar(budget) {
  const share = Math.min(1, budget.used / budget.bytes);
  const text = `${size(budget.used)} of ${size(budget.bytes)}`;
  return h("div", { "data-key": "budget" },
    h("h3", null, "budget of the day ", h("span", { class: "muted" }, text)),
    bar([["used", share]], text),
    share >= 1 && h("p", { class: "muted" }, `used up: ${budget.beyond}`));
}

function outbox(uplink, source) {
  const dropped = Object.entries(source.dropped).map(([why, n]) => `${number(n)} ${why.replaceAll("_", " ")}`);
  return h("p", { class: "muted", "data-key": `box-${uplink}` },
    `${uplink}: ${number(source.pending)} wait (${size(source.pendingBytes)}), ${number(source.delivered)} delivered`,
    dropped.length > 0 && `, dropped ${dropped.join(", ")}`);
}

function size(bytes) {
  if (bytes < 1000) {
    return `${number(bytes)} B`;
  }
  return bytes < 1e6 ? `${number(bytes / 1e3)} kB` : `${number(bytes / 1e6)} MB`;
}

function table(list, now, several) {
  return h("section", { class: "card" },
    h("h2", null, "Messages delivered"),
    list.length === 0
      ? h("p", { class: "muted" }, "None yet.")
      : h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Last messages" },
          h("table", { class: "messages" },
            h("thead", null, h("tr", null, ["accepted", "sent", "acknowledged", "from", "what", "of", "values", "bytes", "record"].map((n) => h("th", { scope: "col" }, n)))),
            h("tbody", null, list.map((m) => h("tr", null,
              h("td", null, m.accepted && h("time", { datetime: m.accepted, title: when(m.accepted) }, ago(m.accepted, now))),
              h("td", { class: "num" }, m.accepted && m.sent && after(m.accepted, m.sent)),
              h("td", { class: "num" }, h("time", { datetime: m.delivered, title: when(m.delivered) }, m.sent ? after(m.sent, m.delivered) : ago(m.delivered, now))),
              h("td", null, m.source.replace("flow/", "") || "gateway", several && ` → ${m.uplink}`),
              h("td", null, `${m.app}/${m.resource}`),
              h("td", null, h("time", { datetime: m.time }, when(m.time))),
              h("td", { class: "num" }, number(m.measurements)),
              h("td", { class: "num" }, number(m.bytes)),
              h("td", { class: "num", title: `outbox ${m.outbox}` }, number(m.record))))))),
  );
}

/** How long after the step before. */
function after(before, then) {
  const millis = Math.max(0, Date.parse(then) - Date.parse(before));
  return millis < 10000 ? `+ ${number(millis)} ms` : `+ ${number(Math.round(millis / 1000))} s`;
}

/** What brokers did not take; nothing is shown where it takes all. */
function letters(list, now) {
  return list.length > 0 && h("section", { class: "card", "data-key": "dead-letters" },
    h("h2", null, "Dead letters ", pill("warn", number(list.length))),
    h("p", { class: "muted" }, "The broker did not take these messages. Send them again when the cause is gone, or throw them away."),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Dead letters" },
      h("table", { class: "messages" },
        h("thead", null, h("tr", null, ["refused", "from", "why", "bytes", ""].map((n) => h("th", { scope: "col" }, n)))),
        h("tbody", null, list.map((l) => h("tr", { "data-key": `letter-${l.uplink}-${l.id}` },
          h("td", null, h("time", { datetime: l.time, title: when(l.time) }, ago(l.time, now))),
          h("td", null, l.source.replace("flow/", "") || "gateway"),
          h("td", null, l.why),
          h("td", { class: "num" }, number(l.bytes)),
          h("td", null,
            h("button", { type: "button", "data-do": "resend", "data-letter": l.id, "data-uplink": l.uplink, "data-key": "resend" }, "send again"), " ",
            h("button", { type: "button", "data-do": "discard", "data-letter": l.id, "data-uplink": l.uplink, "data-key": "discard" }, "throw away"))))))),
  );
}

export const actions = {
  async resend(button) {
    const { letter, uplink } = button.dataset;
    const { record } = await post(`/api/outbox/dead-letters/${letter}/resend?uplink=${encodeURIComponent(uplink)}`, {});
    return `sent again as record ${record}`;
  },
  async discard(button) {
    const { letter, uplink } = button.dataset;
    if (!confirm("Throw this message away? Nobody will ever see it.")) {
      return "kept";
    }
    await del(`/api/outbox/dead-letters/${letter}?uplink=${encodeURIComponent(uplink)}`);
    return "thrown away";
  },
  async link(button) {
    const { uplink, link } = button.dataset;
    await post(`/api/uplinks/${encodeURIComponent(uplink)}/link`, { link });
    return link === "auto" ? `link ${uplink} is as configured, scheduled and measured` : `link ${uplink} is now ${link}`;
  },
};
