// Who is there, what it runs, and what is wrong with it.

import { all } from "./api.js";
import { empty, h, lasting, pill, time, word } from "./dom.js";

const MOST = 10000;
const SHOWN = 500;
const STATES = { ONLINE: ["ok", "online"], OFFLINE: ["rest", "offline"], LOST: ["warn", "lost"], NEW: ["rest", "never seen"] };
const DEPLOYMENT = { ACTIVE: "ok", FETCHING: "busy", VERIFYING: "busy", SHADOW: "busy", TRIAL: "busy", REFUSED: "bad", REVERTED: "bad" };

export const load = () => all("/api/v1/gateways", "gateways", MOST);

/** Reports are of any shape: a gateway that says odd things is shown with what can be read of it. */
const deployment = (g) => (typeof g.reported?.deployment?.state === "string" ? g.reported.deployment : {});
const artifacts = (g) => (Array.isArray(g.reported?.artifacts) ? g.reported.artifacts.filter((a) => typeof a?.kind === "string") : []);
const fails = (g) => ["REFUSED", "REVERTED"].includes(deployment(g).state);
const away = (g) => g.state !== "ONLINE";

const CHOICES = [
  ["all", "all", () => true],
  ["online", "online", (g) => !away(g)],
  ["away", "away", away],
  ["failing", "failing", fails],
];

/** What is looked for stays while the table is fetched anew. */
const wanted = { text: "", choice: "all" };

export function tools(again) {
  return [h("h1", null, "Fleet"), h("div", { class: "tools" },
    h("input", { type: "search", placeholder: "Id, version, model, code…", "aria-label": "Look for gateways", value: wanted.text, oninput: (e) => { wanted.text = e.target.value; again(); } }),
    h("div", { class: "choice", role: "group", "aria-label": "Which" }, CHOICES.map(([key, name]) =>
      h("button", { type: "button", "aria-pressed": String(wanted.choice === key), onclick: (e) => {
        wanted.choice = key;
        for (const b of e.target.parentNode.children) {
          b.setAttribute("aria-pressed", String(b === e.target));
        }
        again();
      } }, name))))];
}

function models(g) {
  const list = artifacts(g).map((a) => [a.kind.toLowerCase(), `${word(a.name)} ${word(a.version)}`]);
  const named = list.filter(([kind]) => kind === "model").map(([, text]) => text);
  const others = list.length - named.length;
  return [named.join(", ") || h("span", { class: "muted" }, "none"), others > 0 && h("small", { title: list.map((l) => l.join(" ")).join("\n") }, ` +${others}`)];
}

const version = (g) => g.birth?.application_framework_version ?? "";

const revision = (d) => `revision ${word(d.revision)}${typeof d.newest === "number" && typeof d.revision === "number" && d.newest > d.revision ? ` of ${d.newest}` : ""}`;

function row(g) {
  const [kind, word] = STATES[g.state] ?? ["rest", g.state];
  const d = deployment(g);
  return h("tr", null,
    h("th", { scope: "row" }, g.id, g.groups?.length > 0 && [" ", h("small", { title: "groups" }, g.groups.join(", "))]),
    h("td", null, pill(kind, word), " ", h("small", null, lasting(g.since))),
    h("td", { class: "aside" }, version(g)),
    h("td", null, models(g)),
    h("td", null, d.state && d.state !== "NONE" ? [pill(DEPLOYMENT[d.state] ?? "rest", d.state.toLowerCase()), " ", h("small", null, revision(d))] : h("span", { class: "muted" }, "nothing")),
    h("td", { class: "aside" }, g.reportedAt ? time(g.reportedAt) : h("span", { class: "muted" }, "never")),
    h("td", { class: "why" }, fails(g) && [h("code", null, d.code), " ", d.message]));
}

const tile = (many, more, name, kind) => h("div", { class: `card tile ${many > 0 ? kind : ""}` }, h("b", null, `${many}${more ? "+" : ""}`), h("span", null, name));

const text = (g) => JSON.stringify([g.id, g.state, version(g), g.groups, artifacts(g).map((a) => [a.name, a.version]), deployment(g)]).toLowerCase();

export function view({ rows: gateways, more }) {
  if (gateways.length === 0) {
    return [h("h1", null, "Fleet"), empty("No gateway is enrolled.",
      ["Enrol one with ", h("code", null, "POST /api/v1/gateways"), " and pipe the answer into ", h("code", null, "bin/selvedge enrol"), " there."])];
  }
  const choice = CHOICES.find(([key]) => key === wanted.choice)[2];
  const found = gateways.filter((g) => choice(g) && text(g).includes(wanted.text.toLowerCase()));
  const shown = found.slice(0, SHOWN);
  return [
    h("div", { class: "tiles" },
      tile(gateways.length, more, "gateways", ""),
      tile(gateways.filter((g) => !away(g)).length, more, "online", "ok"),
      tile(gateways.filter(away).length, more, "away", "warn"),
      tile(gateways.filter(fails).length, more, "failing", "bad")),
    found.length === 0 ? empty("No gateway is like that.") : h("section", { class: "card scroll" },
      h("table", { class: "fleet" },
        h("thead", null, h("tr", null, ["Gateway", "Is", "Runtime", "Live models", "Deployment", "Last report", "Why it fails"].map((n, i) =>
          h("th", { scope: "col", class: i === 2 || i === 5 ? "aside" : null }, n)))),
        h("tbody", null, shown.map(row))),
      found.length > SHOWN && h("p", { class: "muted" }, `${found.length - SHOWN} more; look for some.`)),
    more && h("p", { class: "muted" }, `These are the first ${gateways.length} gateways by id; of the others REST tells.`),
  ];
}
