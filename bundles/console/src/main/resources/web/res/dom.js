// Elements without a framework. Pages build a fresh tree at each poll; morph() changes the shown
// one to match, so that focus, selection, open details and scroll positions stay.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "rect", "line", "circle", "g", "text"]);

/** An element: h("p", {class: "muted"}, "text", child, [children]); false and null are left out. */
export function h(tag, props, ...children) {
  const element = SVG_TAGS.has(tag)
    ? document.createElementNS(SVG, tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child !== null && child !== undefined && child !== false && child !== "") {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

/** Makes `shown` look like `fresh`, changing as little as possible. */
export function morph(shown, fresh) {
  syncAttributes(shown, fresh);
  const old = [...shown.childNodes];
  const byKey = new Map(old.filter((n) => n.dataset?.key).map((n) => [n.dataset.key, n]));
  let at = shown.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const key = wanted.dataset?.key;
    let match = key ? byKey.get(key) : at;
    if (key && match && match !== at) {
      shown.insertBefore(match, at);
    }
    if (match && alike(match, wanted)) {
      if (match === at) {
        at = at.nextSibling;
      }
      if (match.nodeType === Node.TEXT_NODE) {
        if (match.data !== wanted.data) {
          match.data = wanted.data;
        }
      } else {
        morph(match, wanted);
      }
    } else {
      shown.insertBefore(wanted, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function alike(a, b) {
  return a.nodeName === b.nodeName && a.dataset?.key === b.dataset?.key;
}

function syncAttributes(shown, fresh) {
  // What the person at the screen has opened or typed is theirs.
  const kept = shown.nodeName === "DETAILS" ? ["open"] : [];
  for (const { name } of [...shown.attributes]) {
    if (!fresh.hasAttribute(name) && !kept.includes(name)) {
      shown.removeAttribute(name);
    }
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (shown.getAttribute(name) !== value && !kept.includes(name)) {
      shown.setAttribute(name, value);
    }
  }
}
