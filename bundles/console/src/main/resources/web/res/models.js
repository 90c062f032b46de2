import { getAll, post } from "./api.js";
import { bar } from "./chart.js";
import { state } from "./deployments.js";
import { h } from "./dom.js";
import { lasting, nanos, number, share, when } from "./format.js";
import { absent, chips, code, empty, fact, facts, head, note, pill, refusals } from "./parts.js";

export const title = "Models";
export const sign = "models";

// What was tried by hand, by model; lives as long as the page.
const tried = new Map();

export const load = () =>
  getAll({ status: "/api/status", models: "/api/models", events: "/api/events?most=200&severity=WARNING" });

export function view({ status, models, events }) {
  const now = Date.parse(status.time);
  if (models.absent) {
    return h("div", { class: "stack" }, head("Models"), absent(models.absent));
  }
  const all = models.models;
  const refused = (events.events ?? []).filter((e) => e.source.startsWith("model/") && e.code !== "model.unknown");
  return h("div", { class: "stack" },
    head("Models", h("span", { class: "muted" }, `${all.length} live`)),
    deployment(status.deployment, now),
    all.length === 0
      ? empty("No model is live",
          "Flows decide by their rules alone until one is.",
          ["Deploy one from the hub, or put ", code("NAME.onnx"), " and then its manifest ", code("NAME.model.json"), " into ", code("conf/models/"), "."])
      : h("div", { class: "cards wide" }, all.map((m) => card(m, now))),
    refusals(refused, now),
  );
}

function deployment(d, now) {
  if (!d || (d.revision === 0 && d.state === "NONE")) {
    return null;
  }
  return h("section", { class: "card" },
    h("h2", null, `Deployment ${d.newest || d.revision} `, state(d.state), h("a", { class: "more", href: "#/deployments" }, "More")),
    h("p", { class: "muted" }, `live is revision ${d.revision}; in this state for `, h("time", { datetime: d.since, title: when(d.since) }, lasting(d.since, now))),
    (d.state === "REFUSED" || d.state === "REVERTED") && note("bad", `${d.state === "REFUSED" ? "Refused" : "Taken back"} (${d.code}):`, d.message),
    d.artifacts.length > 0 && chips(d.artifacts.map((a) => `${a.kind.toLowerCase()} ${a.name} ${a.version}`)),
  );
}

function card(model, now) {
  return h("section", { class: "card", "data-key": model.name },
    h("h2", null, `${model.name} ${model.version} `, pill("ok", "live")),
    h("p", { class: "muted" }, model.origin === "deployment" ? "deployed by the hub" : "from a file in conf/models", ", for ",
      h("time", { datetime: model.since, title: when(model.since) }, lasting(model.since, now))),
    facts(
      fact("predictions", number(model.predictions)),
    ),
    h("p", { class: "muted" }, `outputs ${model.outputs.join(", ")}`),
    h("p", { class: "muted" }, "SHA-256 ", h("code", null, model.sha256)),
    h("details", null, h("summary", null, `${model.features.length} features`),
      h("table", null, h("tbody", null, model.features.map((f, i) =>
        h("tr", null, h("th", { scope: "row" }, f), h("td", null, definition(model.featureDefinitions[i]))))))),
    h("details", null, h("summary", null, "Try it"), tryIt(model)),
  );
}

function definition(d) {
  if (!d?.op) {
    return "";
  }
  return `${d.op.replaceAll("_", " ")}${d.of ? ` of ${d.of}` : ""}${d.window ? ` over ${d.window.replace("PT", "").toLowerCase()}` : ""}`;
}

function tryIt(model) {
  const result = tried.get(model.name);
  return h("form", { class: "try", "data-do": "predict", "data-model": model.name },
    model.features.map((f) => h("label", null, h("span", null, f), h("input", { name: f, type: "number", step: "any", required: true }))),
    h("button", { type: "submit", class: "primary" }, "Predict"),
    result && h("div", { class: "last", role: "status" },
      result.outputs.map((name, i) => h("div", { class: "output" },
        h("span", null, name),
        result.rows[0][i] >= 0 && result.rows[0][i] <= 1 ? bar([[name, result.rows[0][i]]], name) : h("span"),
        h("span", { class: "num" }, share(result.rows[0][i])))),
      h("p", { class: "muted" }, `version ${result.model.version}, ${nanos(result.nanos)}`)),
  );
}

export const actions = {
  async predict(form) {
    const row = {};
    for (const input of form.querySelectorAll("input")) {
      row[input.name] = Number(input.value);
    }
    const name = form.dataset.model;
    tried.set(name, await post(`/api/models/${encodeURIComponent(name)}/predict`, { row }));
    return "";
  },
};
