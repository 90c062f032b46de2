// The hub's own REST. The administrator's token stays in this tab and goes when the tab is closed.

const KEY = "selvedge-hub-token";

export const token = () => sessionStorage.getItem(KEY) ?? "";
export const keep = (text) => (text ? sessionStorage.setItem(KEY, text) : sessionStorage.removeItem(KEY));

export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { Authorization: `Bearer ${token()}`, ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body && JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    throw Object.assign(new Error("The hub does not answer. What is shown may be old."), { status: 0 });
  }
  const json = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw Object.assign(new Error(json.message ?? response.statusText), { status: response.status, code: json.code });
  }
  return json;
}

/** All pages of a list, up to so many rows, and whether there are more. */
export async function all(path, name, most) {
  const rows = [];
  let after = "";
  do {
    const page = await call("GET", `${path}?limit=1000${after}`);
    rows.push(...page[name]);
    after = page.next === undefined ? "" : `&after=${encodeURIComponent(page.next)}`;
  } while (after && rows.length < most);
  const more = after !== "" && (await call("GET", `${path}?limit=1${after}`))[name].length > 0;
  return { rows, more };
}
