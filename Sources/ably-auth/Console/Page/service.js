// What is live on the local service: connections, tokens, and what can be done about them.

import { byId, element, say, time } from "./elements.js";
import { standing } from "./reading.js";

/** How often the page looks, in milliseconds. */
const interval = 1000;

const rows = new Map();
let shownTokens = "";

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method, cache: "no-store", credentials: "omit",
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error?.message ?? `the service answered ${answer.status}`);
  return json;
}

/** What the service says about a token, and whether it would take it. */
export const inspect = (token) => ask("POST", "/admin/inspection", { token });

/** Begins to look. */
export function watch() {
  byId("live").hidden = false;
  look();
}

async function look() {
  if (!document.hidden) {
    try {
      const [connections, tokens] = await Promise.all([ask("GET", "/admin/connections"), ask("GET", "/admin/tokens")]);
      showConnections(connections);
      showTokens(tokens);
      say(byId("live-state"), "");
    } catch (error) {
      say(byId("live-state"), `The service cannot be asked: ${error.message}`);
    }
  }
  setTimeout(look, interval);
}

// Rows stay as they are for as long as their connection does, so that the focus is not lost.
function showConnections(connections) {
  const body = byId("connections");
  const ids = new Set(connections.map((connection) => connection.connectionId));
  for (const [id, row] of rows) {
    if (!ids.has(id)) {
      row.view.remove();
      rows.delete(id);
    }
  }
  for (const connection of connections) {
    const row = rows.get(connection.connectionId) ?? newRow(body, connection);
    fill(row, connection);
  }
  byId("no-connections").hidden = connections.length > 0;
}

function newRow(body, { connectionId }) {
  const cells = Object.fromEntries(
    ["client", "state", "token", "channels", "key"].map((name) => [name, element("td", { class: name })]));
  const reauthenticate = element("button", { type: "button", class: "reauthenticate" }, "Re-authenticate");
  const revoke = element("button", { type: "button", class: "revoke" }, "Revoke");
  const view = element(
    "tr", { "data-connection": connectionId },
    element("th", { scope: "row" }, element("code", {}, connectionId)), ...Object.values(cells),
    element("td", { class: "actions" }, reauthenticate, " ", revoke));
  const row = { view, cells, reauthenticate, revoke };
  rows.set(connectionId, row);
  body.append(view);
  return row;
}

function fill(row, connection) {
  const name = connection.clientId ?? "anonymous";
  say(row.cells.client, name);
  say(row.cells.state, connection.isLive ? "connected" : "away");
  say(row.cells.token, connection.expires === undefined
    ? "the API key" : standing({ until: connection.expires, what: "good" }, Date.now()).text);
  say(row.cells.channels, connection.channels.join(", ") || "none");
  say(row.cells.key, connection.keyName);
  row.cells.key.title = `capability ${connection.capability}`;
  for (const [button, verb] of [[row.reauthenticate, "Ask to re-authenticate:"], [row.revoke, "Revoke:"]]) {
    button.disabled = !connection.isLive || connection.hasKey;
    button.setAttribute("aria-label", `${verb} ${name}, connection ${connection.connectionId}`);
  }
  row.reauthenticate.onclick = () => act(reauthenticate(connection, name));
  row.revoke.onclick = () => act(revoke(connection, name));
}

async function act(work) {
  const place = byId("action-state");
  try {
    place.textContent = await work;
  } catch (error) {
    place.textContent = `That did not work: ${error.message}.`;
  }
}

async function reauthenticate({ connectionId }, name) {
  const { count } = await ask("POST", "/admin/actions", { type: "reauthenticate", connectionId });
  return count > 0 ? `${name} was asked for another token.` : `${name} is gone.`;
}

async function revoke({ connectionId }, name) {
  const { isLasting, target } = await ask("POST", "/admin/revocations", { connectionId });
  return isLasting
    ? `The tokens of ${name} were revoked (${target}).`
    : `${name} was told that its token was revoked. The token stays good, as tokens of this key cannot be `
      + "revoked: give the key with --revocable-key.";
}

function showTokens(tokens) {
  const latest = tokens.slice(-50).reverse();
  const views = latest.map((token) => element(
    "tr", { class: token.type }, element("td", {}, time(token.time)), element("td", {}, token.type),
    element("td", {}, token.clientId ?? ""), element("td", {}, reason(token))));
  const text = views.map((view) => view.textContent).join("\n");
  if (shownTokens === text) return;
  shownTokens = text;
  byId("tokens").replaceChildren(...views);
  byId("no-tokens").hidden = latest.length > 0;
}

function reason(token) {
  if (token.type === "issued") return `by ${token.keyName}, until ${time(token.expires)}: ${token.capability}`;
  return `${token.code ?? token.status}: ${token.message ?? "refused"}`;
}
