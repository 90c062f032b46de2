// What several pages are made of.

import { h } from "./dom.js";
import { ago, when } from "./format.js";

const SIGNS = {
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-4H4zM14 8h6V4h-6z",
  devices: "M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
  flows: "M4 6h5a4 4 0 0 1 4 4v4a4 4 0 0 0 4 4h3M17 15l3 3-3 3M4 18h4",
  data: "M12 20V7M7 11l5-5 5 5M5 20h14",
  models: "M6 6l6 6-6 6M12 12h6M6 6l12 0M6 18h12M18 6l-6 6 6 6",
  deployments: "M4 8l8-4 8 4-8 4zM4 8v8l8 4 8-4V8M12 12v8",
  setup: "M4 7h10M18 7h2M16 5v4M4 17h2M10 17h10M8 15v4M4 12h6M14 12h6M12 10v4",
  events: "M5 4h14v16H5zM8 9h8M8 13h8M8 17h5",
};

export function icon(name) {
  return h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: SIGNS[name] }));
}

/** A word with a colour: ok, warn, bad, rest. The word says all; the colour only helps. */
export const pill = (kind, text) => h("span", { class: `pill ${kind}` }, text);

export const fact = (name, ...text) => h("div", { class: "fact" }, h("dt", null, name), h("dd", null, ...text));

export const facts = (...items) => h("dl", { class: "facts" }, ...items);

export const head = (title, ...beside) =>
  h("header", { class: "head" }, h("h1", null, title), h("div", { class: "beside" }, ...beside));

/** What is shown where there is nothing yet: what this is, and what to do next. */
export const empty = (title, ...next) =>
  h("section", { class: "card empty" }, h("h2", null, title), next.map((n) => h("p", null, n)));

/** Why a whole part is not there. */
export const absent = (message) =>
  h("section", { class: "card empty" }, h("h2", null, "Not running"), h("p", null, message), h("p", null, h("a", { href: "/system/console/bundles" }, "Look at the bundles")));

export const note = (kind, title, text) =>
  h("p", { class: `note ${kind}` }, h("strong", null, title), " ", text);

export const code = (text) => h("code", null, text);

export const chips = (names) => h("ul", { class: "chips" }, names.map((n) => h("li", null, n)));

/** Events of files that were refused, newest of each source first. */
export function refusals(events, now) {
  const newest = new Map();
  for (const e of events) {
    if (!newest.has(e.source)) {
      newest.set(e.source, e);
    }
  }
  return newest.size > 0 && h("section", { class: "card" },
    h("h2", null, "Refused lately"),
    h("p", { class: "muted" }, "Where there was a good version before, it goes on."),
    h("ul", { class: "diary" }, [...newest.values()].slice(0, 10).map((e) =>
      h("li", null, pill("bad", "refused"), h("span", { class: "what" }, e.message), h("time", { datetime: e.time, title: when(e.time) }, ago(e.time, now))))));
}

const KINDS = { INFO: "rest", WARNING: "warn", ERROR: "bad" };

export const severity = (name) => pill(KINDS[name] ?? "rest", name.toLowerCase());
