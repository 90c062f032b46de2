import { getAll, post } from "./api.js";
import { h } from "./dom.js";
import { ago, duration, lasting, number, when } from "./format.js";
import { absent, chips, code, empty, fact, facts, head, note, pill } from "./parts.js";

export const title = "Deployments";
export const short = "Deploy";
export const sign = "deployments";

const STATES = {
  NONE: ["rest", "none yet"],
  FETCHING: ["rest", "fetching"],
  VERIFYING: ["rest", "verifying"],
  SHADOW: ["warn", "beside the live one"],
  TRIAL: ["warn", "on trial"],
  ACTIVE: ["ok", "active"],
  REFUSED: ["bad", "refused"],
  REVERTED: ["bad", "taken back"],
};

/** A state as a word with a colour. */
export const state = (name) => pill(...(STATES[name] ?? ["rest", name.toLowerCase()]));

// What a code means, in words; the message beside it has the values.
const WORDS = {
  "deployment.unsigned": "It carries no signature, and only signed deployments are taken.",
  "deployment.wrong_key": "It is signed with a key that this gateway does not trust.",
  "deployment.bad_signature": "It is not what was signed: it was altered on its way.",
  "deployment.not_for_this_gateway": "It is for another gateway.",
  "deployment.old_revision": "It is older than what this gateway has.",
  "deployment.expired": "Its time has run out.",
  "deployment.unknown_format": "It is of a newer kind than this gateway reads.",
  "deployment.runtime_too_old": "It needs a newer version of the gateway's programs.",
  "deployment.malformed": "It cannot be read.",
  "trial.error_rate": "Too many rows ended in an error.",
  "trial.latency": "Answers took too long.",
  "trial.memory": "It took too much memory.",
  "trial.agreement": "It agrees too seldom with the one before.",
  "trial.input_drift": "What it is asked is too far from what it was trained on.",
  "trial.output_drift": "What it answers is too far from what the one before answered.",
  "trial.accuracy": "It is right too seldom.",
  "trial.three_failed_starts": "The gateway did not last with it, three times in a row.",
  "trial.not_taken_up": "It did not start again after a restart of the gateway.",
  "trial.broken": "It broke while it ran: no more answers were to be had of it.",
  "trial.superseded": "A newer deployment took its place.",
};

export async function load(argument) {
  if (argument) {
    const id = encodeURIComponent(argument);
    return getAll({ status: "/api/status", snapshot: `/api/snapshots/${id}`, diff: `/api/snapshots/${id}/diff` });
  }
  return getAll({
    status: "/api/status",
    deployment: "/api/deployment",
    history: "/api/deployment/history",
    keys: "/api/deployment/keys",
    snapshots: "/api/snapshots",
  });
}

export function view(data, argument) {
  const now = Date.parse(data.status.time);
  return argument ? one(data, now) : all(data, now);
}

function all({ deployment, history, keys, snapshots }, now) {
  return h("div", { class: "stack" },
    head("Deployments"),
    deployment.absent ? absent(deployment.absent) : current(deployment, now),
    deployment.trial && trial(deployment.trial, now),
    h("div", { class: "two even" },
      history.absent ? null : past(history.history, now),
      keys.absent ? null : trusted(keys.keys)),
    snapshots.absent ? absent(snapshots.absent) : configuration(snapshots.snapshots, now),
  );
}

function current(d, now) {
  if (d.newest === 0 && d.revision === 0) {
    return empty("No deployment yet",
      "The hub sends models, flows, bundles and configuration as one signed deployment; the gateway checks it and switches as a whole.",
      ["Connect the gateway to a hub: ", code("conf/io.selvedge.mqtt.cfg"), ", and its key to ", code("conf/trust/"), "."]);
  }
  const bad = d.state === "REFUSED" || d.state === "REVERTED";
  return h("section", { class: "card" },
    h("h2", null, `Revision ${d.newest || d.revision} `, state(d.state)),
    h("p", { class: "muted" },
      d.revision === 0 ? "none is live yet" : d.revision === d.newest ? "it is live" : `live is revision ${d.revision}`,
      "; in this state for ", h("time", { datetime: d.since, title: when(d.since) }, lasting(d.since, now))),
    progress(d),
    bad && note("bad", WORDS[d.code] ?? "It was not taken.", h("span", null, d.message, " ", code(d.code))),
    d.artifacts.length > 0 && h("div", null, h("h3", null, `Live in revision ${d.revision}`),
      chips(d.artifacts.map((a) => `${a.kind.toLowerCase()} ${a.name} ${a.version} · ${bytes(a.bytes)}`))),
    d.store && h("p", { class: "muted" }, `Its files take ${bytes(d.store.bytes)} of the ${bytes(d.store.budget)} that they may; ${bytes(d.store.unneeded)} of it can go.`),
  );
}

function progress({ state: name, progress: p }) {
  if (p.total === 0 || name === "ACTIVE" || name === "NONE") {
    return null;
  }
  const share = Math.floor((100 * p.done) / p.total);
  return h("div", { class: "progress" },
    h("progress", { max: p.total, value: p.done, "aria-label": "fetched" }),
    h("span", { class: "num" }, `${share} %`),
    h("p", { class: "muted" }, `${bytes(p.done)} of ${bytes(p.total)} are here`,
      p.refetched > 0 ? `; ${bytes(p.refetched)} came more than once` : ""));
}

// Figure, its limit in the document, which way it counts, how it is written.
const FIGURES = [
  ["Error rate", "errorRate", "max_error_rate", 1, percent],
  ["Latency, 99th percentile", "latencyP99Ms", "max_latency_p99_ms", 1, (n) => `${number(n)} ms`],
  ["Memory beyond before", "memoryMb", "max_memory_mb", 1, (n) => `${number(n)} MB`],
  ["Agreement with the one before", "agreement", "min_agreement", -1, percent],
  ["Drift of inputs", "inputDrift", "max_input_drift", 1, number],
  ["Drift of outputs", "outputDrift", "max_output_drift", 1, number],
  ["Accuracy", "accuracy", "min_accuracy", -1, percent],
];
const VERDICTS = { OPEN: ["warn", "going on"], BETTER: ["ok", "better than before"], PASSED: ["ok", "passed"], FAILED: ["bad", "failed"] };

function trial(t, now) {
  const rows = FIGURES.filter(([, key, limit]) => t[key] !== undefined || t.limits[limit] !== undefined);
  const end = [
    t.limits.rows !== undefined && `${number(t.limits.rows)} rows`,
    t.limits.seconds !== undefined && duration(t.limits.seconds),
  ].filter(Boolean);
  return h("section", { class: "card" },
    h("h2", null, t.phase === "shadow" ? "Trial beside the live one " : "Trial in the live one's place ", pill(...(VERDICTS[t.verdict] ?? ["rest", t.verdict]))),
    h("p", { class: "muted" }, `${number(t.rows)} rows, ${number(t.errors)} errors, ${number(t.labels)} labels in ${lasting(t.since, now)}`,
      end.length > 0 ? `; ends after ${end.join(" or ")}` : ""),
    t.limits.rows !== undefined && t.verdict === "OPEN" && h("div", { class: "progress" },
      h("progress", { max: t.limits.rows, value: Math.min(t.rows, t.limits.rows), "aria-label": "rows" }),
      h("span", { class: "num" }, `${Math.min(100, Math.floor((100 * t.rows) / t.limits.rows))} %`)),
    t.reason !== "" && note(t.verdict === "FAILED" ? "bad" : "warn", "Why:", t.reason),
    h("div", { class: "scroll" }, h("table", { class: "figures" },
      h("thead", null, h("tr", null, ["Figure", "Measured", "Limit", "Holds"].map((name, i) => h("th", { scope: "col", class: i ? "num" : null }, name)))),
      h("tbody", null, rows.map((row) => figure(t, row))))),
  );
}

function figure(t, [name, key, limit, way, text]) {
  const measured = t[key];
  const bound = t.limits[limit];
  const known = measured !== undefined && bound !== undefined;
  const holds = known && (measured - bound) * way <= 0;
  const before = key === "accuracy" && t.accuracyBefore !== undefined ? ` (before: ${text(t.accuracyBefore)})` : "";
  return h("tr", null,
    h("th", { scope: "row" }, name),
    h("td", { class: "num" }, measured === undefined ? "not measured" : text(measured) + before),
    h("td", { class: "num" }, bound === undefined ? "none" : `${way > 0 ? "at most" : "at least"} ${text(bound)}`),
    h("td", null, known ? (holds ? pill("ok", "yes") : pill("bad", "no")) : ""));
}

function percent(n) {
  return `${number(Math.round(n * 1000) / 10)} %`;
}

function bytes(n) {
  return n < 1e4 ? `${number(n)} B` : n < 1e6 ? `${number(Math.round(n / 1e3))} kB` : `${number(Math.round(n / 1e5) / 10)} MB`;
}

function past(list, now) {
  return h("section", { class: "card" },
    h("h2", null, "What was before"),
    list.length === 0
      ? h("p", { class: "muted" }, "Nothing yet.")
      : h("ul", { class: "diary states" }, list.slice(0, 30).map((p) =>
        h("li", null, state(p.state),
          h("span", { class: "what" }, `revision ${p.revision}`, p.code !== "" && h("small", null, `${WORDS[p.code] ?? ""} ${p.message} · ${p.code}`)),
          h("time", { datetime: p.time, title: when(p.time) }, ago(p.time, now))))));
}

function trusted(keys) {
  return h("section", { class: "card" },
    h("h2", null, "Trusted keys"),
    h("p", { class: "muted" }, "Only what one of them has signed is taken."),
    keys.length === 0
      ? note("warn", "None:", h("span", null, "no deployment is taken at all. Put the hub's key into ", code("conf/trust/hub.pub"), "."))
      : h("ul", { class: "plain" }, keys.map((k) => h("li", null, code(k.id), ` from ${k.file}`))));
}

function configuration(list, now) {
  return h("section", { class: "card" },
    h("h2", null, "Configuration ", h("button", { type: "button", class: "more", "data-do": "take" }, "Take a snapshot")),
    h("p", { class: "muted" }, "Every change is a snapshot, whoever makes it. Open one to see what differs from now, and to go back."),
    list.length === 0
      ? h("p", { class: "muted" }, "None yet; the first one comes within seconds of the start.")
      : h("ul", { class: "diary snapshots" }, list.map((s, i) =>
        h("li", { "data-key": s.id },
          h("a", { href: `#/deployments/${s.id}` }, when(s.time)),
          h("span", { class: "what" }, s.why, h("small", null, `${s.files} files · ${bytes(s.bytes)}`)),
          i === 0 ? pill("rest", "newest") : h("time", { datetime: s.time }, ago(s.time, now))))));
}

const CHANGES = { NEW: ["warn", "only now"], GONE: ["warn", "only then"], CHANGED: ["rest", "changed"] };

function one({ snapshot, diff }, now) {
  const back = h("a", { href: "#/deployments" }, "All deployments and snapshots");
  if (snapshot.absent) {
    return h("div", { class: "stack" }, head("Snapshot", back), empty("This snapshot is not there", snapshot.absent));
  }
  const files = diff.files ?? [];
  return h("div", { class: "stack" },
    head(`Snapshot of ${when(snapshot.time)}`, back),
    h("section", { class: "card" },
      h("h2", null, snapshot.why),
      facts(fact("taken", ago(snapshot.time, now)), fact("files", number(snapshot.files)), fact("size", bytes(snapshot.bytes))),
      files.length === 0
        ? h("p", null, "The configuration is as it was then.")
        : h("div", { class: "stack" },
          h("p", { class: "muted" }, `Going back changes ${files.length === 1 ? "one file" : `${files.length} files`}, all at once; how it is now is kept as a snapshot.`),
          h("p", null, h("button", { type: "button", class: "primary", "data-do": "rollback", "data-id": snapshot.id }, "Go back to this")))),
    files.map((f) => h("section", { class: "card", "data-key": f.file },
      h("h2", null, f.file, " ", pill(...CHANGES[f.change])),
      h("pre", { class: "diff" }, f.lines.map(line)))),
  );
}

function line(text) {
  const kind = { "-": "then", "+": "now" }[text[0]] ?? "both";
  return h("span", { class: kind }, `${text[0] === "-" ? "then " : text[0] === "+" ? "now  " : "     "}${text.slice(1)}\n`);
}

export const actions = {
  async take() {
    const taken = await post("/api/snapshots", {});
    return `The newest snapshot is of ${when(taken.time)}`;
  },
  async rollback(button) {
    await post(`/api/snapshots/${button.dataset.id}/rollback`, {});
    return "The configuration is as it was then";
  },
};
