// Shows what was read: facts, the life as a countdown, the capability as a table, and a channel to try.

import { allows, columns, decide, operations, readCapability } from "./capability.js";
import { element, say, table, time } from "./elements.js";
import { duration, identity, standing } from "./reading.js";

/** Puts a report into a place; gives a function that brings its countdown up to date. */
export function show(place, found) {
  const life = found.life === undefined ? undefined : lifeView(found.life);
  place.replaceChildren(
    element("h3", { id: "what" }, found.title),
    ...found.problems.map((text) => element("p", { class: "problem" }, text)),
    facts(found),
    ...(life === undefined ? [] : [life.view]),
    ...found.notes.map((text) => element("p", { class: "note" }, text)),
    ...capabilityView(found.capability));
  life?.update();
  return life?.update ?? (() => {});
}

function facts(found) {
  const pairs = found.isReadable ? [["Identity", identity(found.clientId)], ...found.facts] : found.facts;
  return element(
    "dl", {}, ...pairs.flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)]));
}

function lifeView(life) {
  const text = element("strong", { id: "countdown", role: "timer" });
  const bar = element("meter", { min: "0", max: "1", low: "0.1", high: "0.25", optimum: "1", "aria-hidden": "true" });
  const span = life.from === undefined ? "" : `${time(life.from)} to `;
  const length = life.from === undefined ? "" : ` (${duration(life.until - life.from)})`;
  const view = element(
    "p", { class: "life" }, text, bar,
    element("span", { class: "note" }, `${span}${time(life.until)}${length}, by this computer's clock`));
  const update = () => {
    const now = standing(life, Date.now());
    say(text, now.text);
    view.dataset.state = now.state;
    bar.value = now.share;
  };
  return { view, update };
}

function capabilityView(capability) {
  if (capability === undefined || capability === null || capability === "") return [];
  let rules;
  try {
    rules = readCapability(capability);
  } catch (error) {
    return [element("p", { class: "problem" }, `The service would refuse it: ${error.message}.`)];
  }
  const shown = columns(rules);
  const rows = rules.map((rule) => element(
    "tr", {}, element("th", { scope: "row" }, element("code", {}, rule.resource)),
    ...shown.map((operation) => cell(allows(rule, operation)))));
  return [
    element("h4", {}, "What it may do"),
    table("Channels against operations", ["Channels", ...shown], rows),
    ...everything(rules), ...trial(rules),
  ];
}

function everything(rules) {
  const all = rules.filter((rule) => rule.operations.includes("*")).map((rule) => rule.resource);
  if (all.length === 0) return [];
  return [element("p", { class: "note" }, `Every operation, those to come included, on: ${all.join(", ")}`)];
}

function cell(isAllowed) {
  return element("td", { class: isAllowed ? "yes" : "no" }, isAllowed ? "yes" : "no");
}

function trial(rules) {
  const answer = element("div", { id: "trial", role: "status" });
  const field = element("input", {
    id: "channel", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    placeholder: "chat:lobby",
  });
  field.addEventListener("input", () => answer.replaceChildren(...verdict(rules, field.value)));
  return [element("label", { for: "channel" }, "Try the name of a channel"), field, answer];
}

function verdict(rules, name) {
  if (name === "") return [];
  const decisions = operations.map((operation) => [operation, decide(rules, operation, name)]);
  const allowed = decisions.filter(([, decision]) => decision.isAllowed);
  if (decisions[0][1].matching.length === 0) {
    return [element("p", { class: "denied" }, "Nothing: no rule covers a channel of this name.")];
  }
  const sources = [...new Set(allowed.map(([, decision]) => decision.by))];
  return [
    element("p", { class: "allowed" }, `Allowed: ${allowed.map(([operation]) => operation).join(", ") || "nothing"}`),
    element("p", { class: "note" }, `by the rule for ${sources.join(" and ")}`),
  ];
}
