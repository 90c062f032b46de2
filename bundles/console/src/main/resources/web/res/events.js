import { getAll } from "./api.js";
import { h } from "./dom.js";
import { ago, when } from "./format.js";
import { absent, empty, head, severity } from "./parts.js";

export const title = "Events";
export const sign = "events";

const FILTERS = { INFO: "Everything", WARNING: "Warnings and errors", ERROR: "Errors" };
let least = "INFO";

export const load = () =>
  getAll({ status: "/api/status", events: `/api/events?most=200&severity=${least}` });

export function view({ status, events }) {
  const now = Date.parse(status.time);
  return h("div", { class: "stack" },
    head("Events",
      h("div", { class: "choice", role: "group", "aria-label": "Show" }, Object.entries(FILTERS).map(([key, text]) =>
        h("button", { type: "button", "data-do": "filter", "data-least": key, "aria-pressed": key === least ? "true" : "false" }, text)))),
    events.absent ? absent(events.absent) : list(events.events, now),
  );
}

function list(all, now) {
  if (all.length === 0) {
    return least === "INFO"
      ? empty("The diary is empty", "What changes on this gateway is written here: devices that go and come back, models that are swapped, files that are refused, alarms of flows.")
      : empty("Nothing of this kind", "The gateway keeps the last 1000 events; none of them is this bad.");
  }
  return h("section", { class: "card" }, h("ul", { class: "diary long" }, all.map((e) =>
    h("li", null,
      severity(e.severity),
      h("span", { class: "what" }, e.message, h("small", null, `${e.source} · ${e.code}`)),
      h("time", { datetime: e.time, title: when(e.time) }, ago(e.time, now))))));
}

export const actions = {
  filter(button) {
    least = button.dataset.least;
  },
};
