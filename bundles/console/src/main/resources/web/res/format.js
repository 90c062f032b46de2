// Numbers, units and times as people read them.

const UNITS = { Cel: "°C", "1": "", "[degF]": "°F", "m/s2": "m/s²", m3: "m³", m2: "m²", By: "B", "[ppm]": "ppm" };

export const unit = (ucum) => UNITS[ucum] ?? ucum;

export function number(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value)) {
    return size >= 1e15 ? value.toExponential(3) : value.toLocaleString("en-GB").replaceAll(",", "\u202f");
  }
  if (size !== 0 && (size < 0.001 || size >= 1e9)) {
    return value.toExponential(2);
  }
  return value.toLocaleString("en-GB", { maximumFractionDigits: size < 1 ? 3 : size < 100 ? 2 : 1 }).replaceAll(",", "\u202f");
}

export function value(v) {
  if (typeof v === "number") {
    return number(v);
  }
  return typeof v === "boolean" ? (v ? "on" : "off") : String(v);
}

const STEPS = [[86400, "d"], [3600, "h"], [60, "min"]];

export function duration(seconds) {
  for (let i = 0; i < STEPS.length; i++) {
    const [size, name] = STEPS[i];
    if (seconds >= size) {
      const whole = Math.floor(seconds / size);
      const next = STEPS[i + 1];
      const rest = next ? Math.floor((seconds % size) / next[0]) : 0;
      return rest ? `${whole} ${name} ${rest} ${next[1]}` : `${whole} ${name}`;
    }
  }
  return `${Math.max(0, Math.floor(seconds))} s`;
}

/** "3 min ago", by the gateway's own clock. */
export function ago(iso, now) {
  const seconds = (now - Date.parse(iso)) / 1000;
  // A recording that is replayed brings the times at which it was made.
  if (seconds < -5 || seconds > 2 * 86400) {
    return when(iso);
  }
  return seconds < 2 ? "now" : `${duration(seconds)} ago`;
}

/** "3 min": how long something has been so, by the gateway's own clock. */
export const lasting = (iso, now) => duration(Math.max(0, (now - Date.parse(iso)) / 1000));

/** A share or probability, always as wide as the next. */
export const share = (n) => (n >= 0 && n <= 1 ? n.toFixed(3) : number(n));

export function when(iso) {
  const time = new Date(iso);
  const day = time.toLocaleDateString("en-CA");
  return `${day} ${time.toLocaleTimeString("en-GB")}`;
}

export const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB");

export function nanos(n) {
  if (n < 1e3) {
    return `${n} ns`;
  }
  if (n < 1e6) {
    return `${(n / 1e3).toFixed(n < 1e4 ? 1 : 0)} µs`;
  }
  return n < 1e9 ? `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} ms` : `${(n / 1e9).toFixed(1)} s`;
}
