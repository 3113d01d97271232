// Which names a resource covers, and what a capability says about one. The rules are those of
// Sources/AblyTokens/Capability, and a test holds both to the same answers.

/** The operations that have a name, in the order of a table's columns. */
export const operations = [
  "subscribe", "publish", "presence", "history", "channel-metadata", "stats", "push-subscribe", "push-admin",
  "object-subscribe", "object-publish", "annotation-subscribe", "annotation-publish", "message-update-own",
  "message-update-any", "message-delete-own", "message-delete-any", "privileged-headers",
];

/** Reads the bracket that a resource or a name may begin with. */
function qualifier(text, isResource) {
  if (text === "") return { kind: "flawed", word: "", end: 0 };
  if (text[0] !== "[") return { kind: "channel", word: "", end: 0 };
  const close = text.indexOf("]");
  if (close < 0) return { kind: "flawed", word: "", end: 0 };
  let wordEnd = 1;
  while (wordEnd < close && text[wordEnd] !== "=" && text[wordEnd] !== "?") wordEnd += 1;
  const word = text.slice(1, wordEnd);
  const end = close + 1;
  let kind = word === "*" ? "every" : "word";
  if (end === text.length || text[end] === "[") kind = "flawed";
  else if (word === "") kind = text[wordEnd] === "?" ? "channel" : "flawed";
  else if (isResource && text[wordEnd] === "=") kind = "flawed";
  return { kind, word, end };
}

function coversKind(pattern, name) {
  if (pattern.kind === "flawed" || name.kind === "flawed") return false;
  if (pattern.kind === "every") return true;
  return pattern.kind === name.kind && pattern.word === name.word;
}

/** Whether a resource covers the channel, queue or metachannel of this name. */
export function matches(resource, name) {
  const pattern = qualifier(resource, true);
  const asked = qualifier(name, false);
  if (!coversKind(pattern, asked)) return false;
  const wanted = resource.slice(pattern.end).split(":");
  const given = name.slice(asked.end).split(":");
  for (const [index, segment] of wanted.entries()) {
    const isLast = index === wanted.length - 1;
    if (segment === "*" && isLast) return given.length > index;
    if (index >= given.length || (segment !== "*" && segment !== given[index])) return false;
  }
  return given.length === wanted.length;
}

/**
 * The rules of a capability, from its text or from the object that it is.
 *
 * Throws an Error that says what is wrong with it.
 */
export function readCapability(value) {
  let object = value;
  if (typeof value === "string") {
    try {
      object = JSON.parse(value);
    } catch {
      throw new Error("the capability is not JSON");
    }
  }
  if (object === null || typeof object !== "object" || Array.isArray(object)) {
    throw new Error("the capability is not a JSON object");
  }
  return Object.entries(object).map(([resource, listed]) => {
    const list = typeof listed === "string" ? [listed] : listed;
    if (!Array.isArray(list) || list.some((operation) => typeof operation !== "string")) {
      throw new Error(`the operations of ${JSON.stringify(resource)} are not a list of texts`);
    }
    return { resource, operations: list };
  });
}

function lists(rule, operation) {
  return rule.operations.includes(operation) || rule.operations.includes("*");
}

/** Whether an operation is allowed on a name, and the resource whose rule decides. */
export function decide(rules, operation, name) {
  const matching = rules.filter((rule) => matches(rule.resource, name));
  const allowing = matching.find((rule) => lists(rule, operation));
  return { isAllowed: allowing !== undefined, by: allowing?.resource, matching: matching.map((rule) => rule.resource) };
}

/** The operations that a table of these rules needs a column for. */
export function columns(rules) {
  const listed = new Set(rules.flatMap((rule) => rule.operations));
  const usual = ["subscribe", "publish", "presence", "history"];
  const shown = operations.filter((name) => usual.includes(name) || listed.has(name));
  const unnamed = [...listed].filter((name) => name !== "*" && !operations.includes(name));
  return [...shown, ...unnamed.sort()];
}

/** Whether a rule allows an operation, for a cell of a table. */
export const allows = lists;
