// The frame: which page is shown, how it is refreshed, what buttons do.

import { ApiError, del } from "./api.js";
import { h, morph } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./parts.js";
import * as data from "./data.js";
import * as deployments from "./deployments.js";
import * as devices from "./devices.js";
import * as events from "./events.js";
import * as flows from "./flows.js";
import * as models from "./models.js";
import * as overview from "./overview.js";
import * as setup from "./setup.js";

// A page: title, load(argument) → data, view(data, argument) → element, actions by name.
const PAGES = { "": overview, devices, flows, data, models, deployments, events, setup };
const REFRESH = 2000;

const page = document.getElementById("page");
const banner = document.getElementById("banner");
const toast = document.getElementById("toast");
let shownKey = null;
let round = 0;
let timer = 0;
let lastGood = 0;
let toastTimer = 0;

function where() {
  const [, name = "", argument = ""] = location.hash.split("/");
  const known = Object.hasOwn(PAGES, name);
  let decoded = argument;
  try {
    decoded = decodeURIComponent(argument);
  } catch {
    decoded = ""; // a damaged address shows the whole page
  }
  return { name: known ? name : "", argument: known ? decoded : "" };
}

function drawNav(name) {
  const items = Object.entries(PAGES).map(([key, { title, short, sign }]) =>
    h("a", { href: `#/${key}`, "aria-current": key === name ? "page" : null, "data-key": `nav-${key}` }, icon(sign), h("span", { class: short ? "long" : null }, title), short && h("span", { class: "short" }, short)),
  );
  const nav = document.getElementById("nav");
  const fresh = nav.cloneNode(false);
  fresh.append(...items);
  morph(nav, fresh);
}

function say(text) {
  banner.hidden = text === "";
  banner.textContent = text;
}

export function tell(text, bad = false) {
  clearTimeout(toastTimer);
  toast.className = bad ? "shown bad" : "shown";
  toast.textContent = text;
  toastTimer = setTimeout(() => (toast.className = ""), bad ? 8000 : 3000);
}

function refreshSoon(mine, delay) {
  clearTimeout(timer);
  timer = setTimeout(() => refresh(mine), delay);
}

async function refresh(mine) {
  if (mine !== round) {
    return;
  }
  if (document.hidden) {
    return; // begins again when the page is looked at
  }
  const { name, argument } = where();
  const current = PAGES[name];
  try {
    const data = await current.load(argument);
    if (mine !== round) {
      return;
    }
    lastGood = Date.now();
    say("");
    show(current.view(data, argument), `${name}/${argument}`);
  } catch (error) {
    if (mine !== round) {
      return;
    }
    if (!(error instanceof ApiError)) {
      console.error(error);
    }
    const since = lastGood ? ` What you see is of ${clock(lastGood)}.` : "";
    const what = error.message.charAt(0).toUpperCase() + error.message.slice(1);
    say(`${what}.${since} Trying again.`);
  }
  refreshSoon(mine, REFRESH);
}

function show(element, key) {
  const fresh = h("div", { id: "page" }, element);
  if (key === shownKey) {
    morph(page, fresh);
  } else {
    page.replaceChildren(...fresh.childNodes);
    shownKey = key;
  }
}

function turn() {
  round += 1;
  const { name, argument } = where();
  drawNav(name);
  document.title = document.title.replace(/^(.*? · )?(?=[^·]+ · Selvedge$)/, `${PAGES[name].title} · `);
  if (`${name}/${argument}` !== shownKey) {
    window.scrollTo(0, 0);
  }
  refresh(round);
}

const ACTIONS = {
  theme() {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("selvedge-theme", root.dataset.theme);
    } catch {
      // Storage may be switched off; the choice then lasts as long as the page.
    }
  },
  async "sign-out"() {
    await del("/api/sessions");
    location.assign("/sign-in");
  },
};

async function act(event, element) {
  const name = element.dataset.do;
  const action = ACTIONS[name] ?? PAGES[where().name].actions?.[name];
  if (!action) {
    return;
  }
  event.preventDefault();
  element.setAttribute("aria-busy", "true");
  try {
    const said = await action(element);
    if (said) {
      tell(said);
    }
  } catch (error) {
    tell(error.message, true);
  } finally {
    element.removeAttribute("aria-busy");
  }
  round += 1;
  refresh(round);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("a.skip")) {
    event.preventDefault(); // its fragment is not one of the pages
    document.getElementById("main").focus();
    return;
  }
  const element = event.target.closest("button[data-do]");
  if (element) {
    act(event, element);
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-do]")) {
    act(event, event.target);
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    round += 1;
    refresh(round);
  }
});
window.addEventListener("hashchange", () => {
  turn();
  document.getElementById("main").focus({ preventScroll: true });
});
turn();
