import { getAll } from "./api.js";
import { bar } from "./chart.js";
import { h } from "./dom.js";
import { ago, lasting, nanos, number, share, value, when } from "./format.js";
import { absent, chips, code, empty, fact, facts, head, note, pill, refusals } from "./parts.js";

export const title = "Flows";
export const sign = "flows";

export const load = () =>
  getAll({ status: "/api/status", flows: "/api/flows", decisions: "/api/decisions?most=25", events: "/api/events?most=200&severity=WARNING" });

export function view({ status, flows, decisions, events }) {
  const now = Date.parse(status.time);
  if (flows.absent) {
    return h("div", { class: "stack" }, head("Flows"), absent(flows.absent));
  }
  const all = flows.flows;
  const shown = new Set(all.map((f) => `flow/${f.name}`)); // their cards say it themselves
  const refused = (events.events ?? []).filter((e) => e.code === "flow.refused" && !shown.has(e.source));
  return h("div", { class: "stack" },
    head("Flows", h("span", { class: "muted" }, `${all.length} running`)),
    all.length === 0
      ? empty("No flow yet",
          ["A flow says what is measured, what is decided and what is done. Put one into ", code("conf/flows/"), " as ", code("NAME.flow.yaml"), "; it runs at once."],
          ["The format is described at ", h("a", { href: "/api/schemas/flow.json" }, "/api/schemas/flow.json"), ". A flow that is refused is explained on the ", h("a", { href: "#/events" }, "events page"), "."])
      : h("div", { class: "cards wide" }, all.map((f) => card(f, now))),
    refusals(refused, now),
    all.length > 0 && table(decisions.decisions ?? [], now),
  );
}

function card(flow, now) {
  const alone = flow.waiting && flow.last && !flow.last.model;
  const state = flow.waiting ? pill("warn", alone ? "rules alone" : "waiting") : flow.decisions > 0 ? pill("ok", "deciding") : pill("rest", "started");
  return h("section", { class: "card", "data-key": flow.name },
    h("h2", null, flow.name, " ", state, flow.refused && pill("bad", "newer one refused")),
    h("p", { class: "muted" }, `version ${flow.version} from ${flow.origin}, for `, h("time", { datetime: flow.since, title: when(flow.since) }, lasting(flow.since, now))),
    h("div", { class: "halves" }, numbers(flow, alone), flow.last ? last(flow.last, now) : h("p", { class: "muted" }, "It has not decided yet.")),
  );
}

function numbers(flow, alone) {
  return h("div", null,
    flow.waiting && note("warn", alone ? "Rules decide alone:" : "It waits:", flow.waiting),
    flow.refused && note("bad", "A newer version was refused, this one goes on:", flow.refused),
    facts(
      fact("rows", number(flow.rows)),
      fact("decisions", number(flow.decisions)),
      fact("undecided", number(flow.skipped)),
      fact("sent up", number(flow.uploaded)),
    ),
    flow.unsent > 0 && note("warn", `${number(flow.unsent)} messages went nowhere:`, "there was no uplink, or it refused them. The overview shows the uplink."),
    flow.dropped > 0 && note("warn", `${number(flow.dropped)} rows were dropped:`, "this flow is slower than its inputs. Read the device less often, or take out features."),
  );
}

function last(decision, now) {
  const outputs = Object.entries(decision.outputs);
  const features = Object.entries(decision.features);
  return h("div", { class: "last" },
    h("h3", null, "Last decision ", h("time", { class: "muted", datetime: decision.time, title: when(decision.time) }, ago(decision.time, now))),
    h("p", null, decision.model ? modelName(decision.model) : "by rules alone"),
    outputs.map(([name, n]) =>
      h("div", { class: "output", "data-key": `out-${name}` },
        h("span", null, name),
        n >= 0 && n <= 1 ? bar([[name, n]], `${name} ${share(n)}`) : h("span"),
        h("span", { class: "num" }, share(n)))),
    h("p", null, decision.rules.length ? ["rules that held: ", h("strong", null, decision.rules.join(", "))] : "no rule held"),
    decision.commands.length > 0 && h("p", null, "sent: ", h("strong", null, decision.commands.map(commandText).join(", "))),
    traceBar(decision.trace),
    features.length > 0 && h("details", null, h("summary", null, `${features.length} features`),
      h("table", { class: "small" }, h("tbody", null, features.map(([name, v]) => h("tr", null, h("th", { scope: "row" }, name), h("td", { class: "num" }, number(v))))))),
  );
}

const modelName = (m) => ["by model ", h("strong", null, `${m.name} ${m.version}`), " ", h("code", { title: m.sha256 }, m.sha256.slice(0, 12))];

const commandText = (c) => `${c.target} = ${value(c.value)}`;

const PARTS = ["queue", "pre", "edge", "act"];
const PART_NAMES = { queue: "waiting", pre: "features", edge: "model and rules", act: "acting" };

const total = (trace) => Object.values(trace).reduce((sum, n) => sum + n, 0);

function traceBar(trace) {
  const sum = total(trace);
  if (sum === 0) {
    return null;
  }
  const parts = [...PARTS.filter((p) => p in trace), ...Object.keys(trace).filter((p) => !PARTS.includes(p))];
  const texts = parts.map((p) => `${PART_NAMES[p] ?? p} ${nanos(trace[p])}`);
  return h("div", { class: "trace" },
    bar(parts.map((p) => [p, trace[p] / sum]), `took ${nanos(sum)}: ${texts.join(", ")}`),
    h("p", { class: "legend" }, h("span", null, `took ${nanos(sum)}`), parts.map((p, i) => h("span", { class: `key p${i % 5}` }, texts[i]))));
}

function best(outputs) {
  const [top] = Object.entries(outputs).sort((a, b) => b[1] - a[1]);
  return top ? `${top[0]} ${share(top[1])}` : "–";
}

function table(list, now) {
  return h("section", { class: "card" },
    h("h2", null, "Decisions"),
    list.length === 0
      ? h("p", { class: "muted" }, "None yet.")
      : h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Last decisions" },
          h("table", { class: "decisions" },
            h("thead", null, h("tr", null, ["time", "flow", "model", "result", "rules", "commands", "took"].map((n) => h("th", { scope: "col" }, n)))),
            h("tbody", null, list.map((d) => h("tr", null,
              h("td", null, h("time", { datetime: d.time, title: when(d.time) }, ago(d.time, now))),
              h("td", null, d.flow),
              h("td", null, d.model ? `${d.model.name} ${d.model.version}` : "–"),
              h("td", null, best(d.outputs)),
              h("td", null, chips(d.rules)),
              h("td", null, d.commands.map(commandText).join(", ") || "–"),
              h("td", { class: "num" }, nanos(total(d.trace)))))))),
  );
}
