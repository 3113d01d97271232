// Tells what a pasted text is, and what it says. Nothing is sent anywhere, and no signature is checked: that takes the
// secret of a key, which does not belong into a page.

/** How far a TokenRequest's timestamp may be from the service's clock, in milliseconds. */
const window = 120_000;

/** How long a token lives at most, in milliseconds. */
const longestLife = 86_400_000;

const visible = /^[\x21-\x7e]+$/;

/**
 * What a text is, and what it says:
 * - `kind`, `title`: what it is, for a program and for a person;
 * - `facts`: pairs of a label and a text;
 * - `notes`, `problems`: sentences;
 * - `isReadable`: whether what it says can be read here;
 * - `clientId`, `capability`: as they stand in it, undefined where they do not;
 * - `life`: `{from, until, what}` in milliseconds, undefined where it does not say;
 * - `token`: the token to ask the service about, where there is one.
 */
export function read(text) {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (trimmed.startsWith("{") || trimmed.startsWith('"')) return readJSON(trimmed);
  return readToken(trimmed);
}

function report(kind, title) {
  return { kind, title, isReadable: true, facts: [], notes: [], problems: [], clientId: undefined, capability: undefined };
}

function unknown(problem) {
  return { ...report("unknown", "Not known"), isReadable: false, problems: [problem] };
}

function readJSON(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return unknown("This begins as JSON and cannot be read as such: is all of it there?");
  }
  if (typeof value === "string") return value.trim().startsWith('"') ? unknown("This is text in text.") : read(value);
  if (typeof value.token === "string") return readDetails(value);
  if ("mac" in value || "nonce" in value) return readRequest(value);
  return unknown("This JSON is neither a TokenRequest nor TokenDetails.");
}

function fact(found, label, value) {
  if (value === undefined || value === null) return;
  found.facts.push([label, typeof value === "string" ? value : JSON.stringify(value)]);
}

/** A whole number that may be written as text; undefined for anything else. */
function number(value) {
  if (typeof value === "string" && /^-?[0-9]+$/.test(value)) value = Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function readRequest(request) {
  const found = report("tokenRequest", "TokenRequest");
  fact(found, "API key's name", request.keyName);
  found.clientId = request.clientId;
  found.capability = request.capability;
  const timestamp = number(request.timestamp);
  const ttl = number(request.ttl);
  if (timestamp === undefined) {
    found.problems.push("It has no timestamp: the service refuses it.");
  } else {
    found.life = { from: timestamp, until: timestamp + window, what: "may be exchanged" };
  }
  fact(found, "Life of its token", ttl === undefined ? "60 minutes, as nothing is asked for" : duration(ttl));
  fact(found, "Nonce", request.nonce);
  if (ttl !== undefined && (ttl < 0 || ttl > longestLife)) {
    found.problems.push("A token lives for 24 hours at most: the service refuses this ttl with 40003.");
  }
  if (typeof request.mac !== "string" || request.mac === "") {
    found.problems.push("It has no MAC: it was not signed.");
  }
  if (typeof request.keyName !== "string") found.problems.push("It does not name its API key.");
  if (found.capability === undefined) found.notes.push("It asks for all that its API key may do.");
  found.notes.push("It can be exchanged for a token once, within two minutes of its timestamp.");
  found.notes.push("Its MAC is not checked here.");
  return found;
}

function readDetails(details) {
  const inner = readToken(details.token);
  const found = report("tokenDetails", "TokenDetails");
  fact(found, "API key's name", details.keyName);
  fact(found, "Its token", inner.title);
  found.clientId = details.clientId ?? inner.clientId;
  found.capability = details.capability ?? inner.capability;
  const expires = number(details.expires);
  found.life = expires === undefined ? inner.life : { from: number(details.issued), until: expires, what: "is good" };
  found.notes = ["What stands beside the token is what its issuer said of it.", ...inner.notes];
  found.problems = inner.problems;
  found.token = inner.token;
  return found;
}

function readToken(text) {
  if (!visible.test(text)) return unknown("A token has neither spaces nor line breaks: is it whole, and alone?");
  const parts = text.split(".");
  if (text.startsWith("e") && (parts.length === 3 || parts.length === 5)) {
    return { ...(parts.length === 3 ? readJWT(parts) : readEncrypted(parts)), token: text };
  }
  if (parts[0] === "" || parts.length < 2) {
    return unknown("This is not a token, a JWT, a TokenRequest or TokenDetails.");
  }
  if (text.includes(":")) return readKey(text);
  const found = { ...report("opaque", "Ably token"), isReadable: false };
  fact(found, "App", parts[0]);
  found.notes.push("Its contents are sealed: only who issued it can read them.");
  found.token = text;
  return found;
}

function readKey(text) {
  const found = { ...report("key", "API key"), isReadable: false };
  fact(found, "API key's name", text.slice(0, text.indexOf(":")));
  found.problems.push("This is an API key. It belongs on a server alone, so it was taken out of the field again.");
  return found;
}

/** The JSON object of a part of a JWT; undefined for anything else. */
function part(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readJWT([header, payload]) {
  const head = part(header);
  const claims = part(payload);
  if (head === undefined) return unknown("This has the form of a JWT, and its header cannot be read.");
  if (claims === undefined) return unknown("This has the form of a JWT, and its claims cannot be read.");
  const carried = head["x-ably-token"] ?? claims["x-ably-token"];
  if (typeof carried === "string") return readEnvelope(carried, claims);
  const found = report("jwt", "Ably JWT");
  fact(found, "API key's name", head.kid);
  fact(found, "Algorithm", head.alg);
  fact(found, "Revocation key", claims["x-ably-revocation-key"]);
  found.clientId = claims["x-ably-clientId"];
  found.capability = claims["x-ably-capability"];
  channelFacts(found, claims);
  found.life = lifeOf(claims);
  if (head.alg !== "HS256") found.problems.push("Ably takes HS256 only.");
  if (typeof head.kid !== "string" || !head.kid.includes(".")) {
    found.title = "JWT";
    found.problems.push("Its header does not name an API key (kid), so it is no token for Ably.");
  }
  for (const claim of ["iat", "exp"]) {
    if (typeof claims[claim] !== "number") found.problems.push(`It has no ${claim}, which Ably wants.`);
  }
  if (found.capability === undefined) found.notes.push("It may do all that its API key may do.");
  found.notes.push("Its signature is not checked here.");
  return found;
}

function channelFacts(found, claims) {
  for (const [name, value] of Object.entries(claims)) {
    if (name.startsWith("ably.")) fact(found, name, value);
  }
}

function lifeOf(claims) {
  if (typeof claims.exp !== "number") return undefined;
  const from = typeof claims.iat === "number" ? claims.iat * 1000 : undefined;
  return { from, until: claims.exp * 1000, what: "is good" };
}

function readEnvelope(carried, claims) {
  const inner = readToken(carried);
  const found = { ...inner, kind: "envelope", title: `JWT that carries a token (${inner.title})` };
  const own = lifeOf(claims);
  if (own !== undefined && (found.life === undefined || own.until < found.life.until)) found.life = own;
  found.notes = ["The token in it counts. The JWT around it only says when that ends at the latest.", ...inner.notes];
  return found;
}

function readEncrypted([header]) {
  const head = part(header);
  if (head === undefined) return unknown("This has the form of an encrypted JWT, and its header cannot be read.");
  const carried = head["x-ably-token"];
  if (typeof carried !== "string") {
    return { ...report("encrypted", "Encrypted JWT"), isReadable: false, problems: ["Its header carries no x-ably-token."] };
  }
  return { ...readEnvelope(carried, {}), kind: "encrypted", title: "Encrypted JWT that carries a token" };
}

/** A time span for people, such as `59 min 12 s`. */
export function duration(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const units = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return milliseconds === 0 ? "0 s" : "less than 1 s";
  const [name, size] = units[first];
  const rest = units[first + 1];
  const count = `${Math.floor(seconds / size)} ${name}`;
  const more = rest === undefined ? 0 : Math.floor((seconds % size) / rest[1]);
  return more === 0 ? count : `${count} ${more} ${rest[0]}`;
}

/** Where a life stands at a moment: a sentence, and how much of it is left from 1 to 0. */
export function standing(life, now) {
  const left = life.until - now;
  const span = life.from === undefined ? undefined : life.until - life.from;
  const share = span === undefined || span <= 0 ? Number(left > 0) : Math.min(1, Math.max(0, left / span));
  if (life.from !== undefined && life.from - now > window) {
    return { state: "early", share: 1, text: `begins in ${duration(life.from - now)}: is a clock wrong?` };
  }
  if (left <= 0) return { state: "over", share: 0, text: `ended ${duration(left)} ago` };
  return { state: "running", share, text: `${life.what} for ${duration(left)} more` };
}

/** What an identity means. */
export function identity(clientId) {
  if (clientId === undefined || clientId === null || clientId === "") return "nobody: it may take no identity";
  return clientId === "*" ? "* (its holder may take any identity)" : String(clientId);
}
