// Rollouts: all of them, and one with its groups, gateways and transitions.

import { call } from "./api.js";
import { empty, figures, h, lasting, pill, time } from "./dom.js";

const PATH = "/api/v1/rollouts";
const EVENTS = 5000;
const MOST_ROLLOUTS = 100;
const KINDS = {
  CREATING: "busy", READY: "rest", STARTING: "busy", RUNNING: "busy", PAUSED: "bad", STOPPING: "warn", STOPPED: "warn", FINISHED: "ok",
  SCHEDULED: "rest", ERROR: "bad", ISSUED: "busy", INSTALLING: "busy", TRIAL: "busy", DONE: "ok", FAILED: "bad",
  SUPERSEDED: "rest", CANCELLED: "rest", TAKING_BACK: "warn", TAKEN_BACK: "warn",
};
const PARTS = [
  ["DONE", "done"], ["TRIAL", "on trial"], ["INSTALLING", "installing"], ["ISSUED", "sent"], ["FAILED", "failed"],
  ["TAKING_BACK", "being taken back"], ["TAKEN_BACK", "taken back"], ["SUPERSEDED", "superseded"], ["CANCELLED", "cancelled"], ["SCHEDULED", "to come"],
];

const state = (name) => pill(KINDS[name] ?? "rest", name.toLowerCase().replace("_", " "));
const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);

/** A bar of all gateways by state, and the same in words. */
function progress(counts) {
  const there = PARTS.filter(([key]) => counts[key] > 0);
  const words = there.map(([key, name]) => `${counts[key]} ${name}`).join(", ");
  const all = sum(counts);
  return h("div", { class: "progress" },
    h("div", { class: "bar", role: "img", "aria-label": words }, there.map(([key]) => h("span", { class: `part ${key.toLowerCase()}`, grow: counts[key] }))),
    h("p", { class: "muted" }, all === 0 ? "no gateways" : [`${counts.DONE ?? 0} of ${all} done`, ...there.filter(([key]) => key !== "DONE").map(([key, name]) => `${counts[key]} ${name}`)].join(", ")));
}

export const loadAll = () => call("GET", `${PATH}?limit=${MOST_ROLLOUTS}`);

export function viewAll({ rollouts, next }) {
  return [h("h1", null, "Rollouts"), rollouts.length === 0
    ? empty("There is no rollout yet.", ["Begin one: ", h("code", null, "./selvedge rollout create occupancy@7 --fleet 'line-a-*'")])
    : h("div", { class: "stack" }, rollouts.map((r) => h("section", { class: "card" },
      h("h2", null, h("a", { href: `#/rollouts/${r.id}` }, `${r.id} · ${r.name}`), state(r.state), h("small", null, lasting(r.since))),
      progress(r.counts),
      h("p", { class: "muted" }, `asked for by ${r.createdBy} `, time(r.created)))),
      next && h("p", { class: "muted" }, `The newest ${rollouts.length}. More: `, h("code", null, "./selvedge rollout list --most 10000")))];
}

export async function load(id) {
  const [rollout, gateways] = await Promise.all([call("GET", `${PATH}/${id}`), call("GET", `${PATH}/${id}/gateways`)]);
  return { rollout, gateways: gateways.gateways, events: await newest(id) };
}

/** Transitions come oldest first; those that were read before are remembered. */
let read = { id: "", events: [] };

async function newest(id) {
  if (read.id !== id) {
    read = { id, events: [] };
  }
  const mine = read; // who leaves for another rollout and comes back begins anew
  let page;
  do {
    page = await call("GET", `${PATH}/${id}/events?limit=${EVENTS}&after=${mine.events.at(-1)?.id ?? 0}`);
    const known = mine.events.at(-1)?.id ?? 0; // another load may have read meanwhile
    mine.events.push(...page.events.filter((e) => e.id > known));
  } while (page.next !== undefined && page.events.length > 0);
  return mine.events;
}

/** What has changed where something has: transitions are only ever added. */
export const mark = ({ rollout, gateways, events }) => [rollout, gateways, events.at(-1)?.id];

const ACTIONS = {
  start: { name: "Start", in: ["CREATING", "READY"], says: "The first group begins at once." },
  pause: { name: "Pause", in: ["STARTING", "RUNNING"], says: "It is sent to no further gateway. What was sent goes on." },
  resume: { name: "Resume", in: ["PAUSED"], says: "It goes on. The failures so far are accepted and count no more.", option: ["retry", "Instead, gateways that failed get it again"] },
  abort: { name: "Abort", in: ["CREATING", "READY", "STARTING", "RUNNING", "PAUSED"], says: "It ends. Gateways that it has not succeeded on get their former artifacts.", option: ["take_back", "Take it back from those that it has succeeded on, too"], danger: true },
  back: { name: "Take back", act: "abort", in: ["FINISHED"], says: "All its gateways get their former artifacts.", fixed: { take_back: true }, danger: true },
};

function buttons(r, again) {
  return h("div", { class: "beside" }, Object.values({ ...ACTIONS }).map((action, i) =>
    action.in.includes(r.state) && h("button", { type: "button", class: action.danger ? "danger" : "primary", onclick: () => ask(r, action, Object.keys(ACTIONS)[i], again) }, action.name)));
}

/** Nothing is done before it is confirmed, with who and why. */
function ask(r, action, key, again) {
  const dialog = document.getElementById("ask");
  const error = h("p", { class: "error", role: "alert" });
  const form = h("form", { method: "dialog", onsubmit: async (e) => {
    e.preventDefault();
    const go = form.querySelector("[type=submit]");
    go.disabled = true;
    const body = { by: form.elements.by.value.trim() || "administrator", ...action.fixed };
    if (form.elements.reason.value.trim()) {
      body.reason = form.elements.reason.value.trim();
    }
    if (action.option) {
      body[action.option[0]] = form.elements.option.checked;
    }
    localStorage.setItem("selvedge-hub-by", form.elements.by.value.trim());
    try {
      await call("POST", `${PATH}/${r.id}/${action.act ?? key}`, body);
      dialog.close();
      again();
    } catch (problem) {
      error.textContent = problem.message;
      go.disabled = false;
    }
  } },
    h("h2", null, `${action.name} rollout ${r.id} · ${r.name}?`),
    h("p", null, action.says),
    action.option && h("label", { class: "check" }, h("input", { type: "checkbox", name: "option" }), action.option[1]),
    h("label", null, "Who", h("input", { name: "by", maxlength: "64", required: true, value: localStorage.getItem("selvedge-hub-by") ?? "" })),
    h("label", null, "Why", h("input", { name: "reason", maxlength: "500" })),
    error,
    h("div", { class: "beside end" },
      h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { type: "submit", class: action.danger ? "danger" : "primary" }, action.name)));
  dialog.replaceChildren(form);
  dialog.showModal();
}

function gateway(g) {
  const { done_bytes: done, total_bytes: total } = g.progress ?? {};
  const share = Number.isFinite(total) && total > 0 && Number.isFinite(done) && g.state === "INSTALLING" ? `${Math.floor((100 * done) / total)} % fetched` : "";
  return h("tr", null,
    h("th", { scope: "row" }, g.gateway),
    h("td", { class: "aside" }, g.group),
    h("td", null, state(g.state), " ", h("small", null, lasting(g.since)), g.accepted && [" ", pill("rest", "accepted")]),
    h("td", { class: "aside" }, g.revision ? `revision ${g.revision}` : ""),
    h("td", null, figures(g.trial)),
    h("td", { class: "why" }, share, g.code && [h("code", null, g.code), " "], g.message, g.absentSince && h("small", null, " not connected ", lasting(g.absentSince))));
}

const ORDER = ["FAILED", "TRIAL", "INSTALLING", "ISSUED", "TAKING_BACK", "SCHEDULED", "TAKEN_BACK", "SUPERSEDED", "CANCELLED", "DONE"];
const MOST_GATEWAYS = 500;
const MOST_EVENTS = 200;

const changes = (plan) => [
  ...(plan.artifacts ?? []).map((a) => `${a.kind.toLowerCase()} ${a.name} ${a.version}`),
  ...(plan.remove ?? []).map((a) => `without ${a.kind.toLowerCase()} ${a.name}`),
];

export function view({ rollout, gateways, events }, again) {
  const last = events.findLast((e) => e.subject === "");
  const sorted = [...gateways].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.gateway.localeCompare(b.gateway));
  const shown = sorted.slice(0, MOST_GATEWAYS);
  const latest = events.slice(-MOST_EVENTS).reverse();
  return [
    h("p", { class: "muted" }, h("a", { href: "#/rollouts" }, "Rollouts")),
    h("header", { class: "head" }, h("h1", null, `${rollout.id} · ${rollout.name} `, state(rollout.state)), buttons(rollout, again)),
    h("p", { class: "muted" }, changes(rollout.plan).join(", "), `; asked for by ${rollout.createdBy} `, time(rollout.created)),
    rollout.state === "PAUSED" && last && h("p", { class: "note bad" }, h("strong", null, `Paused by ${last.who}. `), last.why),
    h("div", { class: "cards" }, rollout.groups.map((g) => h("section", { class: "card" },
      h("h2", null, g.name, state(g.state), h("small", null, lasting(g.since))),
      progress(g.counts),
      g.waits && h("p", null, g.waits)))),
    h("section", { class: "card scroll" },
      h("h2", null, "Gateways"),
      shown.length === 0 ? h("p", { class: "muted" }, "They are dealt out to groups in a moment.") : h("table", { class: "targets" },
        h("thead", null, h("tr", null, ["Gateway", "Group", "Is", "Deployment", "Figures of its trial", "Why"].map((n, i) => h("th", { scope: "col", class: i === 1 || i === 3 ? "aside" : null }, n)))),
        h("tbody", null, shown.map(gateway))),
      sorted.length > shown.length && h("p", { class: "muted" }, `${sorted.length - shown.length} more, all ${shown.at(-1).state.toLowerCase()} or later.`)),
    h("section", { class: "card" },
      h("h2", null, "Who did what, and why"),
      h("ul", { class: "diary" }, latest.map((e) => h("li", null,
        time(e.at),
        h("span", { class: "what" }, h("b", null, e.subject.replace("/", " ") || "rollout"), " ", e.from && `${e.from.toLowerCase()} → `, e.to.toLowerCase(), h("small", null, e.why)),
        h("span", { class: "who" }, e.who)))),
      events.length > latest.length && h("p", { class: "muted" }, `${events.length - latest.length} before: `, h("code", null, `./selvedge rollout events ${rollout.id}`))),
  ];
}
