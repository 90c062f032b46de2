// Calls to the gateway's own REST interface.

export class ApiError extends Error {
  constructor(status, code, message, setting = "") {
    super(message);
    this.status = status;
    this.code = code;
    this.setting = setting; // what it is about, where it is about one
  }
}

export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    throw new ApiError(0, "gateway.silent", "the gateway does not answer");
  }
  if (response.status === 401) {
    location.assign("/sign-in");
  }
  const text = await response.text();
  let json = {};
  try {
    json = text ? JSON.parse(text) : {};
  } catch {
    json = { code: "answer.not_json", message: "the answer is not JSON" };
  }
  if (!response.ok) {
    throw new ApiError(response.status, json.code ?? "", json.message ?? response.statusText, json.setting);
  }
  return json;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const del = (path) => call("DELETE", path);

/** Answers of several paths at once; a part that is not running (503) is given as its error. */
export async function getAll(paths) {
  const entries = await Promise.all(
    Object.entries(paths).map(async ([name, path]) => {
      try {
        return [name, await get(path)];
      } catch (error) {
        if (error.status === 503 || error.status === 404) {
          return [name, { absent: error.message }];
        }
        throw error;
      }
    }),
  );
  return Object.fromEntries(entries);
}
