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
  const { pid, name } = parse(argument);
  if (data.drivers.absent) {
    return data;
  }
  if (pid) {
    const devices = await get(`/api/drivers/${encodeURIComponent(pid)}/devices`).catch(() => ({ devices: [] }));
    const id = devices.devices.find((d) => d.name === name)?.values[ID];
    return { ...data, devices: devices.devices, status: id ? await deviceOf(id) : {} };
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
  return pid ? form(drivers.find((d) => d.pid === pid), name, given, data) : overview(drivers, data.found);
}

const deviceOf = (id) => get(`/api/devices/${encodeURIComponent(id)}`).catch(() => ({}));

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
      found.found.length === 0 && found.buses !== false && h("p", { class: "muted" }, "This machine shows no bus: no I2C, SPI, GPIO, 1-Wire, PWM or serial port. On a Raspberry Pi switch it on (for I2C ", code("dtparam=i2c_arm=on"), " in config.txt, then start the machine anew); elsewhere load its module (for I2C ", code("modprobe i2c-dev"), "). Then look again. Devices on a network and files need no bus."),
      h("ul", { class: "channels plain" }, found.found.map((f) => offer(f, drivers)))),
    h("section", { class: "card" }, h("h2", null, "Add by driver"),
      h("ul", { class: "channels plain" }, drivers.map((d) =>
        h("li", { "data-key": d.pid }, h("a", { class: "name", href: to(d.pid) }, d.name), h("span", { class: "muted" }, d.description))))),
  );
}

function offer(found, drivers) {
  const known = found.drivers.map((o) => ({ ...o, driver: drivers.find((d) => d.pid === o.pid) })).filter((o) => o.driver);
  const taken = found.in_use && ["I2C", "ONE_WIRE"].includes(found.kind);
  const words = found.drivers.length === 0 && found.what.includes(" ");
  return h("li", { "data-key": `${found.bus} ${found.what}` },
    h("span", { class: "name" }, `${found.bus} `, !words && code(found.what)),
    words && h("span", { class: "muted" }, found.what),
    !words && !found.in_use && known.length === 0 && h("span", { class: "muted" }, "no driver here knows it"),
    found.in_use && pill("ok", "in use"),
    !taken && h("span", { class: "offers" }, known.map(({ pid, settings, driver }) =>
      h("a", { class: "button", href: to(pid, `?${new URLSearchParams(settings)}`) }, `Add ${driver.name}`))));
}

function form(driver, name, given, { devices, status }) {
  const back = h("a", { href: "#/setup", class: "more" }, "All of the setup");
  if (!driver) {
    return h("div", { class: "stack" }, head("Setup", back), empty("There is no such driver", "Drop its bundle into deploy/."));
  }
  const values = devices?.find((d) => d.name === name)?.values ?? {};
  const faults = faultsOf(driver, name);
  const named = driver.fields.filter((f) => faults[f.id]).map((f) => f.name);
  const why = refusal(status);
  const at = why && about(driver.fields, values, why);
  const told = at && !faults[at] && (shownForm(driver, name)?.elements[at]?.value ?? values[at] ?? "") === (values[at] ?? "");
  if (told) {
    faults[at] = why;
  }
  return h("div", { class: "stack" },
    head(name || `New: ${driver.name}`, back),
    h("p", { class: "muted" }, driver.description, " ", code(short(driver.pid))),
    status.state === "DOWN" && !why && note("warn", "It does not answer:", status.reason),
    h("form", { class: "card settings", novalidate: true, "data-do": "save", "data-pid": driver.pid, "data-name": name },
      driver.fields.map((f) => setting(f, values[f.id] ?? given.get(f.id) ?? "", faults[f.id])),
      why && named.length === 0 && note("bad", "Saved, and the device is down:", at ? `its driver does not take ${driver.fields.find((f) => f.id === at).name}.` : why),
      named.length > 0 && note("bad", "Not sent.", `To be mended: ${named.join(", ")}.`),
      h("div", { class: "beside" }, h("button", { type: "submit", class: "primary" }, name ? "Save" : "Set up"))));
}

function setting(field, value, fault) {
  const id = `f-${field.id}`;
  const shown = value || (field.choices.length > 0 || field.type === "FLAG" ? field.default : "");
  const common = { id, name: field.id, required: field.required, "aria-describedby": `${id}-d`, "aria-invalid": fault ? "true" : null, "aria-errormessage": fault ? `${id}-e` : null };
  return h("div", { class: fault ? "setting wrong" : "setting", "data-key": field.id },
    h("label", { for: id }, field.name, field.required && h("span", { class: "muted" }, " (needed)")),
    field.type === "FLAG"
      ? options(common, [{ value: "true", label: "yes" }, { value: "false", label: "no" }], shown)
      : field.choices.length > 0
        ? options(common, field.choices, shown)
        : long(field)
          ? h("textarea", { ...common, rows: 4, placeholder: field.default || example(field) }, value)
          : h("div", { class: "with-unit" },
              h("input", { ...common, type: field.type === "SECRET" ? "password" : number(field) ? "number" : "text", step: field.type === "WHOLE" ? "1" : "any", min: field.min, max: field.max, value, placeholder: field.default || example(field), autocomplete: "off" }),
              field.unit && h("span", { class: "muted" }, field.unit)),
    h("p", { class: "fault", id: `${id}-e`, role: "alert" }, fault),
    h("p", { class: "muted", id: `${id}-d` }, field.description, limits(field)));
}

const number = (field) => field.type === "WHOLE" || field.type === "DECIMAL";

const long = (field) => ["registers", "nodes", "lines"].includes(field.id);

/** What a needed text looks like, by its description: the example there, up to the next thought. */
function example(field) {
  const shape = long(field) ? /for example (.+?)(?:[;,] (?:table|what|kind) is |$)/ : /for example (.+?)(?:; |\. |,? or a |$)/;
  const [, found] = (field.required && field.description.match(shape)) || [];
  return found && `for example ${found}`;
}

function bounds(field) {
  const unit = field.unit ? ` ${field.unit}` : "";
  return field.min && field.max ? `${field.min} to ${field.max}${unit}` : field.min ? `at least ${field.min}${unit}` : field.max ? `at most ${field.max}${unit}` : "";
}

function limits(field) {
  const words = [
    bounds(field),
    field.id === ID && "lower case letters, digits, - and _",
    field.default && field.choices.length === 0 && field.type !== "FLAG" ? `otherwise ${field.default}` : "",
  ].filter(Boolean);
  return words.length > 0 && ` (${words.join("; ")})`;
}

// What was wrong with a form when it was sent: by setting, why, and the text that was there.
let wrong = { key: "", faults: {}, texts: {} };

const ID = "device.id";

/** The form as it is filled in, where it is the one that is on the page. */
function shownForm(driver, name) {
  const form = document.querySelector("form.settings");
  return form?.dataset.pid === driver.pid && (form.dataset.name ?? "") === name ? form : null;
}

/** What still is: a text that was changed since is looked at anew. */
function faultsOf(driver, name) {
  const form = shownForm(driver, name);
  if (wrong.key !== `${driver.pid}~${name}` || !form) {
    return {};
  }
  const now = look(form, driver.fields);
  const same = (id) => form.elements[id]?.value === wrong.texts[id];
  return Object.fromEntries(Object.keys(wrong.faults).map((id) => [id, same(id) ? wrong.faults[id] : now[id]]));
}

/** Why a value cannot be sent, as the gateway itself would say it; empty: it can. */
function fault(field, text, kept, damaged) {
  if (damaged || (text !== "" && number(field) && !Number.isFinite(Number(text)))) {
    return `${field.name} [${text}] must be a number${bounds(field) && `: ${bounds(field)}`}`;
  }
  if (text === "") {
    const rule = [field.unit && `in ${field.unit}`, bounds(field)].filter(Boolean).join(", ");
    const shape = rule ? `: ${rule}` : example(field) ? `, ${example(field)}` : "";
    return field.required && !kept ? `${field.name} [] must be given${shape}` : "";
  }
  if (field.id === ID && !/^[a-z][a-z0-9_-]{0,63}$/.test(text)) {
    return `${field.name} [${text}] must start with a lower case letter and hold at most 64 of a-z 0-9 _ -, ${example(field) || "for example boiler-2"}`;
  }
  if (field.type === "WHOLE" && !/^[+-]?[0-9]+$/.test(text)) {
    return `${field.name} [${text}] must be a whole number`;
  }
  if (number(field) && ((field.min && Number(text) < Number(field.min)) || (field.max && Number(text) > Number(field.max)))) {
    return `${field.name} [${text}] must be ${bounds(field)}`;
  }
  return "";
}

/** The faults of a form as it is filled in. */
function look(form, fields) {
  const faults = {};
  for (const field of fields) {
    const element = form.elements[field.id];
    const kept = field.type === "SECRET" && form.dataset.name !== "";
    const why = element && fault(field, element.value.trim(), kept, element.validity.badInput);
    if (why) {
      faults[field.id] = why;
    }
  }
  return faults;
}

/** Marks them, and goes to the first. */
function mark(form, fields, faults) {
  const texts = Object.fromEntries(fields.map((f) => [f.id, form.elements[f.id]?.value]));
  wrong = { key: `${form.dataset.pid}~${form.dataset.name}`, faults, texts };
  const first = fields.find((f) => faults[f.id]);
  if (first) {
    form.elements[first.id].focus();
  }
  return first;
}

/** What a driver refuses of a device's settings; empty: it takes them, whether or not the device answers. */
function refusal({ state, reason }) {
  return (state === "DOWN" && reason.split("could not be made from its configuration: ")[1]) || "";
}

/** The setting that such words are about: they begin with its name, or have its text in brackets; none: all. */
function about(fields, values, why) {
  const quoted = why.match(/\[([^\]]+)\]/)?.[1];
  const holds = (f) => quoted && values[f.id]?.includes(quoted);
  return (fields.find((f) => why.startsWith(`${f.id} [`)) ?? fields.find(holds))?.id ?? "";
}

/** The device once it was made anew and called; what hangs is told on its own page. */
async function madeAnew(id, before) {
  let device = {};
  for (let i = 0; i < 25 && (!device.state || device.state === "STARTING" || device.since === before); i++) {
    await new Promise((done) => setTimeout(done, 200));
    device = await deviceOf(id);
  }
  return device;
}

function options(common, choices, shown) {
  return h("select", common, choices.map((c) => h("option", { value: c.value, selected: c.value === shown }, c.label)));
}

export const actions = {
  async save(form) {
    const { pid, name } = form.dataset;
    const { fields } = (await get("/api/drivers")).drivers.find((d) => d.pid === pid);
    if (mark(form, fields, look(form, fields))) {
      return "";
    }
    const values = Object.fromEntries([...new FormData(form)].filter(([, v]) => v !== ""));
    const id = values[ID];
    const file = name || id;
    const before = (await deviceOf(id)).since;
    try {
      await call("PUT", `/api/drivers/${encodeURIComponent(pid)}/devices/${encodeURIComponent(file)}`, { values });
    } catch (e) {
      const about = e.setting || (e.code === "name.wrong" ? ID : "");
      if (!fields.some((f) => f.id === about)) {
        throw e;
      }
      mark(form, fields, { [about]: e.message });
      return "";
    }
    const refused = refusal(await madeAnew(id, before));
    location.hash = refused ? to(pid, `~${file}`) : `#/devices/${encodeURIComponent(id)}`;
    return refused ? "" : `${file} is set up`;
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
