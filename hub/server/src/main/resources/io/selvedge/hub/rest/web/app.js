// Which page, signing in, and fetching again while somebody looks.

import { call, keep, token } from "./api.js";
import { h } from "./dom.js";
import * as fleet from "./fleet.js";
import * as rollouts from "./rollouts.js";

const EVERY_MILLIS = 3000;
const SELDOM_MILLIS = 60000;
const SHARE = 10; // at most a tenth of the time of the hub and of the browser
const DRAW_MILLIS = 30000; // times in words grow old

const page = document.getElementById("page");
const tools = document.getElementById("tools");
const banner = document.getElementById("banner");
const leave = document.getElementById("leave");
let shown = { route: "", data: "", drawn: 0 };
let timer = 0;
let turn = 0;

function route() {
  const hash = location.hash.replace(/^#\/?/, "");
  const one = hash.match(/^rollouts\/(\d+)$/);
  if (one) {
    return { key: hash, title: `Rollout ${one[1]}`, load: () => rollouts.load(one[1]), mark: rollouts.mark, view: (d) => rollouts.view(d, look) };
  }
  return hash === "rollouts"
    ? { key: hash, title: "Rollouts", load: rollouts.loadAll, view: rollouts.viewAll }
    : { key: "", title: "Fleet", load: fleet.load, view: fleet.view, tools: () => fleet.tools(redraw) };
}

let last = null;

/** Whoever goes by keyboard stays where they were. */
function redraw() {
  if (last) {
    const held = page.contains(document.activeElement) ? document.activeElement.textContent : null;
    page.replaceChildren(...last.route.view(last.data).filter(Boolean));
    if (held !== null) {
      [...page.querySelectorAll("a, button")].find((e) => e.textContent === held)?.focus({ preventScroll: true });
    }
  }
}

async function look() {
  clearTimeout(timer);
  const mine = ++turn;
  if (!token()) {
    return shown.route === "door" ? undefined : door(""); // half a token may have been typed
  }
  leave.hidden = false;
  const at = route();
  for (const a of document.querySelectorAll("#nav a")) {
    const here = a.getAttribute("href").slice(2) === at.key.split("/")[0];
    here ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current");
  }
  const begun = performance.now();
  let pause = EVERY_MILLIS;
  try {
    const data = await at.load();
    if (mine !== turn) {
      return; // another page was asked for meanwhile
    }
    banner.hidden = true;
    const text = JSON.stringify(at.mark ? at.mark(data) : data);
    const moved = shown.route !== at.key || tools.dataset.of !== at.key;
    if (moved) {
      document.title = `${at.title} · Selvedge hub`;
      tools.replaceChildren(...(at.tools && data.rows.length > 0 ? at.tools() : []));
      tools.dataset.of = at.tools && data.rows.length === 0 ? "-" : at.key;
    }
    last = { route: at, data };
    if (moved || text !== shown.data || Date.now() - shown.drawn > DRAW_MILLIS) {
      shown = { route: at.key, data: text, drawn: Date.now() };
      redraw();
    }
    pause = Math.min(SELDOM_MILLIS, Math.max(EVERY_MILLIS, SHARE * (performance.now() - begun)));
  } catch (problem) {
    if (mine !== turn) {
      return;
    }
    if (problem.status === 401) {
      keep("");
      return door("The hub does not take this token.");
    }
    banner.textContent = problem.message;
    banner.hidden = false;
  }
  if (!document.hidden) {
    timer = setTimeout(look, pause);
  }
}

function door(error) {
  leave.hidden = true;
  banner.hidden = true;
  last = null;
  shown = { route: "door", data: "", drawn: 0 };
  tools.replaceChildren();
  tools.dataset.of = "door";
  const input = h("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
  page.replaceChildren(h("form", { class: "card door", onsubmit: async (e) => {
    e.preventDefault();
    keep(input.value.trim());
    try {
      await call("GET", "/api/v1/rollouts?limit=1");
      look();
    } catch (problem) {
      keep("");
      door(problem.status === 401 ? "The hub does not take this token." : problem.message);
    }
  } },
    h("h1", null, "Sign in"),
    h("label", { for: "token" }, "The administrator's token"),
    input,
    h("p", { class: "muted" }, "It is in ", h("code", null, "auth/admin-token"), " of the hub's data directory, and stays in this tab only."),
    h("p", { class: "error", role: "alert" }, error),
    h("button", { type: "submit", class: "primary" }, "Sign in")));
  input.focus();
}

leave.addEventListener("click", () => {
  keep("");
  look();
});
addEventListener("hashchange", look);
document.addEventListener("visibilitychange", look);
look();
