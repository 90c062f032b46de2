import { call, get, getAll } from "./api.js";
import { h } from "./dom.js";
import { absent, code, empty, head, note, pill } from "./parts.js";

export const title = "Setup";
export const sign = "setup";

// The argument is a driver's PID; behind "~" a device of it; behind "?" what its form begins with.
function parse(argument) {
  const [rest, query = ""] = argument.split("?", 2);
  const [pid, name = ""] = rest.split("~", 2);
  return { pid, name, given: new URLSearchParams(query) };
}

export async function load(argument) {
  const data = await getAll({ drivers: "/api/drivers" });
  const { pid } = parse(argument);
  if (data.drivers.absent) {
    return data;
  }
  if (pid) {
    const devices = await get(`/api/drivers/${encodeURIComponent(pid)}/devices`).catch(() => ({ devices: [] }));
    return { ...data, devices: devices.devices };
  }
  return { ...data, found: await found() };
}

// Looking at buses takes a moment and touches chips: not at each refresh.
let seen = null;

async function found(again = false) {
  if (again || !seen || Date.now() - seen.at > 60000) {
    seen = { at: Date.now(), ...(await get("/api/found").catch((e) => ({ found: [], problem: e.message }))) };
  }
  return seen;
}

export function view(data, argument) {
  if (data.drivers.absent) {
    return h("div", { class: "stack" }, head("Setup"), absent(data.drivers.absent));
  }
  const { pid, name, given } = parse(argument);
  const drivers = data.drivers.drivers;
  return pid ? form(drivers.find((d) => d.pid === pid), name, given, data.devices) : overview(drivers, data.found);
}

const short = (pid) => pid.replace(/^io\.selvedge\.driver\./, "");

const to = (pid, rest = "") => `#/setup/${encodeURIComponent(pid + rest)}`;

function overview(drivers, found) {
  const devices = drivers.flatMap((d) => d.devices.map((name) => ({ driver: d, name })));
  return h("div", { class: "stack" },
    head("Setup", h("span", { class: "muted" }, `${devices.length} devices, ${drivers.length} drivers`)),
    h("section", { class: "card" }, h("h2", null, "Devices that are set up"),
      devices.length === 0
        ? h("p", { class: "muted" }, "None yet. Take one that was found, or choose a driver.")
        : h("ul", { class: "channels plain" }, devices.map(({ driver, name }) =>
            h("li", { "data-key": `${driver.pid}~${name}` },
              h("a", { class: "name", href: to(driver.pid, `~${name}`) }, name),
              h("span", { class: "muted" }, driver.name),
              h("button", { type: "button", "data-do": "remove", "data-pid": driver.pid, "data-name": name, "aria-label": `remove ${name}` }, "Remove"))))),
    h("section", { class: "card" },
      h("h2", { class: "spread" }, "Found on this machine", h("button", { type: "button", "data-do": "look" }, "Look again")),
      found.problem && note("bad", "Not looked:", found.problem),
      found.buses === false && h("p", { class: "muted" }, "No bundle gives access to buses here."),
      found.found.length === 0 && found.buses !== false && h("p", { class: "muted" }, "No bus, or nothing on it that a driver knows."),
      h("ul", { class: "channels plain" }, found.found.map((f) => offer(f, drivers)))),
    h("section", { class: "card" }, h("h2", null, "Add by driver"),
      h("ul", { class: "channels plain" }, drivers.map((d) =>
        h("li", { "data-key": d.pid }, h("a", { class: "name", href: to(d.pid) }, d.name), h("span", { class: "muted" }, d.description))))),
  );
}

function offer(found, drivers) {
  const known = found.drivers.map((o) => ({ ...o, driver: drivers.find((d) => d.pid === o.pid) })).filter((o) => o.driver);
  const taken = found.in_use && ["I2C", "ONE_WIRE"].includes(found.kind);
  return h("li", { "data-key": `${found.bus} ${found.what}` },
    h("span", { class: "name" }, `${found.bus} `, code(found.what)),
    found.in_use && pill("ok", "in use"),
    !taken && h("span", { class: "offers" }, known.map(({ pid, settings, driver }) =>
      h("a", { class: "button", href: to(pid, `?${new URLSearchParams(settings)}`) }, `Add ${driver.name}`))));
}

function form(driver, name, given, devices) {
  const back = h("a", { href: "#/setup", class: "more" }, "All of the setup");
  if (!driver) {
    return h("div", { class: "stack" }, head("Setup", back), empty("There is no such driver", "Drop its bundle into deploy/."));
  }
  const values = devices?.find((d) => d.name === name)?.values ?? {};
  return h("div", { class: "stack" },
    head(name || `New: ${driver.name}`, back),
    h("p", { class: "muted" }, driver.description, " ", code(short(driver.pid))),
    h("form", { class: "card settings", "data-do": "save", "data-pid": driver.pid, "data-name": name },
      driver.fields.map((f) => setting(f, values[f.id] ?? given.get(f.id) ?? "")),
      h("div", { class: "beside" }, h("button", { type: "submit", class: "main" }, name ? "Save" : "Set up"))));
}

function setting(field, value) {
  const id = `f-${field.id}`;
  const shown = value || (field.choices.length > 0 || field.type === "FLAG" ? field.default : "");
  const common = { id, name: field.id, required: field.required, "aria-describedby": `${id}-d` };
  return h("div", { class: "setting", "data-key": field.id },
    h("label", { for: id }, field.name, field.required && h("span", { class: "muted" }, " (needed)")),
    field.type === "FLAG"
      ? options(common, [{ value: "true", label: "yes" }, { value: "false", label: "no" }], shown)
      : field.choices.length > 0
        ? options(common, field.choices, shown)
        : long(field)
          ? h("textarea", { ...common, rows: 4, placeholder: field.default }, value)
          : h("input", { ...common, type: field.type === "SECRET" ? "password" : field.type === "TEXT" ? "text" : "number", step: field.type === "WHOLE" ? "1" : "any", min: field.min, max: field.max, value, placeholder: field.default, autocomplete: "off" }),
    h("p", { class: "muted", id: `${id}-d` }, field.description, limits(field)));
}

const long = (field) => ["registers", "nodes", "lines"].includes(field.id);

function limits(field) {
  const words = [
    field.min && field.max ? `${field.min} to ${field.max}` : field.min ? `at least ${field.min}` : field.max ? `at most ${field.max}` : "",
    field.default && field.choices.length === 0 && field.type !== "FLAG" ? `otherwise ${field.default}` : "",
  ].filter(Boolean);
  return words.length > 0 && ` (${words.join("; ")})`;
}

function options(common, choices, shown) {
  return h("select", common, choices.map((c) => h("option", { value: c.value, selected: c.value === shown }, c.label)));
}

export const actions = {
  async save(form) {
    const { pid, name } = form.dataset;
    const values = Object.fromEntries([...new FormData(form)].filter(([, v]) => v !== ""));
    const file = name || values["device.id"];
    await call("PUT", `/api/drivers/${encodeURIComponent(pid)}/devices/${encodeURIComponent(file)}`, { values });
    location.hash = name ? "#/setup" : "#/devices";
    return `${file} is set up`;
  },
  async remove(button) {
    const { pid, name } = button.dataset;
    if (!confirm(`Remove ${name}? Its file in conf/ goes, too.`)) {
      return "";
    }
    await call("DELETE", `/api/drivers/${encodeURIComponent(pid)}/devices/${encodeURIComponent(name)}`);
    return `${name} was removed`;
  },
  async look() {
    await found(true);
    return "";
  },
};
