// Line charts as SVG. Points are [milliseconds, number], oldest first.

import { h } from "./dom.js";
import { clock, number } from "./format.js";

function scale(points) {
  let low = Infinity;
  let high = -Infinity;
  for (const [, v] of points) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  const pad = high === low ? Math.max(Math.abs(high) * 0.05, 0.5) : (high - low) * 0.08;
  return { low, high, bottom: low - pad, top: high + pad };
}

function path(points, x, y, step) {
  let d = "";
  let before = null;
  for (const [t, v] of points) {
    const px = x(t).toFixed(1);
    const py = y(v).toFixed(1);
    d += before === null ? `M${px} ${py}` : step ? `H${px}V${py}` : `L${px} ${py}`;
    before = v;
  }
  return d;
}

/** A small line without axes: the shape of the last minutes. */
export function spark(points, flag) {
  const w = 120;
  const hgt = 32;
  if (points.length < 2) {
    return h("svg", { class: "spark", viewBox: `0 0 ${w} ${hgt}`, "aria-hidden": "true" },
      h("line", { class: "rest", x1: 0, x2: w, y1: hgt / 2, y2: hgt / 2 }));
  }
  const s = flag ? { bottom: -0.15, top: 1.15 } : scale(points);
  const [from, to] = [points[0][0], points.at(-1)[0]];
  const x = (t) => ((t - from) / Math.max(1, to - from)) * (w - 6) + 3;
  const y = (v) => hgt - 3 - ((v - s.bottom) / (s.top - s.bottom)) * (hgt - 6);
  const line = path(points, x, y, flag);
  return h("svg", { class: "spark", viewBox: `0 0 ${w} ${hgt}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    h("path", { class: "area", d: `${line}V${hgt}H3Z` }),
    h("path", { class: "line", d: line, "vector-effect": "non-scaling-stroke" }),
  );
}

/** A chart with its limits and times. `label` says what it shows, for those who cannot see it. */
export function chart(points, label, flag) {
  const w = 560;
  const hgt = 150;
  const left = 66;
  const bottom = 22;
  if (points.length < 2) {
    return h("p", { class: "muted" }, "Not enough values yet; the chart begins after two seconds.");
  }
  const s = flag ? { low: 0, high: 1, bottom: -0.1, top: 1.1 } : scale(points);
  const [from, to] = [points[0][0], points.at(-1)[0]];
  const x = (t) => left + ((t - from) / Math.max(1, to - from)) * (w - left - 8);
  const y = (v) => hgt - bottom - ((v - s.bottom) / (s.top - s.bottom)) * (hgt - bottom - 8);
  const digits = s.high === s.low ? 3 : Math.max(0, Math.ceil(1 - Math.log10(s.high - s.low)));
  const tick = (v) => (Math.abs(v) >= 1e6 ? number(v) : v.toFixed(Math.min(digits, 8)));
  const marks = flag ? [0, 1] : s.low === s.high ? [s.low] : [s.low, (s.low + s.high) / 2, s.high];
  const line = path(points, x, y, flag);
  return h("svg", { class: "chart", viewBox: `0 0 ${w} ${hgt}`, role: "img", "aria-label": label },
    marks.map((m) => [
      h("line", { class: "grid", x1: left, x2: w - 8, y1: y(m), y2: y(m) }),
      h("text", { class: "tick", x: left - 8, y: y(m) + 4, "text-anchor": "end" }, flag ? (m ? "on" : "off") : s.high === s.low ? number(m) : tick(m)),
    ]),
    h("text", { class: "tick", x: left, y: hgt - 5 }, clock(from)),
    h("text", { class: "tick", x: w - 8, y: hgt - 5, "text-anchor": "end" }, clock(to)),
    h("path", { class: "area", d: `${line}V${hgt - bottom}H${left}Z` }),
    h("path", { class: "line", d: line }),
    h("circle", { class: "dot", cx: x(to), cy: y(points.at(-1)[1]), r: 3.5 }),
  );
}

/** Parts of a whole as one bar: [[name, share 0..1]]. */
export function bar(parts, label) {
  let at = 0;
  return h("svg", { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", role: "img", "aria-label": label },
    h("rect", { class: "rest", x: 0, y: 0, width: 100, height: 8 }),
    parts.map(([name, share], i) => {
      const width = Math.max(0, Math.min(1, share)) * 100;
      const rect = h("rect", { class: `part p${i % 5}`, x: at, y: 0, width, height: 8 });
      at += width;
      return rect;
    }),
  );
}
