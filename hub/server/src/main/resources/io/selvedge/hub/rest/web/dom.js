// Elements and words, without a framework.

/** What gateways said is put into sentences as it is, whatever it is. */
export const word = (said) => (typeof said === "object" && said !== null ? JSON.stringify(said) : String(said ?? ""));

/** An element: h("p", {class: "muted"}, "text", [children]); false and null are left out. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "grow") {
      element.style.flexGrow = String(value); // by script: the policy allows no style attributes
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(9).filter((c) => c !== null && c !== undefined && c !== false && c !== "").map((c) => (c instanceof Node ? c : word(c))));
  return element;
}

/** A word with a colour: ok, warn, bad, busy, rest. The word says all; the colour only helps. */
export const pill = (kind, text) => h("span", { class: `pill ${kind}` }, text);

export const empty = (title, ...next) => h("section", { class: "card empty" }, h("h2", null, title), next.map((n) => h("p", null, n)));

const STEPS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

function span(seconds) {
  const [size, name] = STEPS.find(([s]) => seconds >= s) ?? [1, "s"];
  return `${Math.max(0, Math.floor(seconds / size))} ${name}`;
}

export function ago(iso) {
  const seconds = Math.floor((Date.now() - Date.parse(iso)) / 1000);
  if (!Number.isFinite(seconds) || seconds < -60) {
    return when(iso);
  }
  return seconds < 2 ? "now" : `${span(seconds)} ago`;
}

export function when(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? String(iso) : `${time.toLocaleDateString("en-CA")} ${time.toLocaleTimeString("en-GB")}`;
}

/** A time as people read it, exact where one points at it. */
export const time = (iso) => (iso ? h("time", { datetime: iso, title: when(iso) }, ago(iso)) : "never");

/** How long something has been so. */
export const lasting = (iso) => h("time", { datetime: iso, title: `since ${when(iso)}` }, `for ${span((Date.now() - Date.parse(iso)) / 1000)}`);

export const number = (n) => (Number.isInteger(n) ? String(n) : n.toFixed(Math.abs(n) < 10 ? 3 : 1));

/** Figures of a trial in words, those that were measured. */
export function figures(trial) {
  const names = {
    rows: "rows", error_rate: "errors", latency_p99_ms: "p99 ms", memory_mb: "MB", agreement: "agreement",
    input_drift: "input drift", output_drift: "output drift", accuracy: "accuracy", labels: "labels",
  };
  const shown = Object.entries(names).filter(([key]) => typeof trial?.[key] === "number" && !(key === "labels" && trial[key] === 0));
  return shown.length === 0 ? "" : h("ul", { class: "figures" }, shown.map(([key, name]) => h("li", null, h("b", null, number(trial[key])), ` ${name}`)));
}
