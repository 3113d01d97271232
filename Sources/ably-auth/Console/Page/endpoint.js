// Asks the token endpoint that serves the page, as a client of the app would.

import { byId, element } from "./elements.js";

/** Lets the user ask; `found` gets the text of an answer that grants something. */
export function offer({ path, logins }, found) {
  byId("endpoint").hidden = false;
  const names = Object.keys(logins).sort();
  byId("login").append(...names.map((name) => element("option", { value: name }, name)));
  byId("ask").addEventListener("click", () => ask(path, logins, found));
}

async function ask(path, logins, found) {
  const state = byId("answer");
  const query = new URLSearchParams();
  for (const name of ["clientId", "capability", "ttl"]) {
    const value = byId(`wish-${name}`).value.trim();
    if (value !== "") query.set(name, value);
  }
  const login = logins[byId("login").value];
  try {
    const answer = await fetch(query.size === 0 ? path : `${path}?${query}`, {
      cache: "no-store", credentials: "omit",
      headers: login === undefined ? {} : { Authorization: `Bearer ${login}` },
    });
    const text = await answer.text();
    state.textContent = `${answer.status}, ${answer.headers.get("Content-Type")}${refusal(answer, text)}`;
    if (answer.ok) found(text);
  } catch (error) {
    state.textContent = `The endpoint cannot be asked: ${error.message}.`;
  }
}

function refusal(answer, text) {
  if (answer.ok) return ". What it gave is shown below.";
  try {
    const { code, message } = JSON.parse(text).error;
    return `: ${code}, ${message}`;
  } catch {
    return "";
  }
}
