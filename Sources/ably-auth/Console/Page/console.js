// The page: reads what is pasted, and joins it to the service that serves the page.

import { byId, element } from "./elements.js";
import { offer } from "./endpoint.js";
import { identity, read, standing } from "./reading.js";
import { show } from "./report.js";
import { inspect, watch } from "./service.js";

const field = byId("pasted");
let update = () => {};
let site = {};

function look() {
  const found = read(field.value);
  byId("asked").replaceChildren();
  if (found?.kind === "key") field.value = "";
  if (found === undefined) {
    update = () => {};
    byId("report").replaceChildren();
    byId("summary").textContent = "";
    return;
  }
  update = show(byId("report"), found);
  byId("summary").textContent = summary(found);
  if (site.isAdministered && found.token !== undefined) offerToAsk(found);
}

/** What a screen reader says at once. */
function summary(found) {
  const parts = [found.title];
  if (found.clientId !== undefined) parts.push(`identity ${identity(found.clientId)}`);
  if (found.life !== undefined) parts.push(standing(found.life, Date.now()).text);
  return `${parts.join(", ")}.`;
}

function offerToAsk(found) {
  const answer = element("div", { id: "verdict" });
  const button = element("button", { type: "button", id: "ask-service" }, "Ask this service about it");
  button.addEventListener("click", () => askService(found, answer));
  byId("asked").replaceChildren(
    element(
      "p", {}, button, " ",
      element("span", { class: "note" }, "This sends the token to the service that gave you this page.")),
    answer);
}

async function askService(found, place) {
  try {
    const said = await inspect(found.token);
    // Something else may have been pasted in between.
    if (!place.isConnected) return;
    const merged = said.issued === undefined ? found : {
      ...found, clientId: said.clientId, capability: said.capability,
      facts: [["API key's name", said.keyName], ...found.facts.filter(([label]) => label !== "API key's name")],
      life: { from: said.issued, until: said.expires, what: "is good" }, isReadable: true,
      notes: ["This is what the service reads in it."],
    };
    update = show(byId("report"), merged);
    place.replaceChildren(...opinion(said));
    byId("summary").textContent = `${summary(merged)} ${place.firstChild.textContent}`;
  } catch (error) {
    place.replaceChildren(element("p", { class: "problem" }, `The service cannot be asked: ${error.message}.`));
  }
}

function opinion(said) {
  if (!said.isAccepted) {
    return [element("p", { class: "denied" }, `The service refuses it: ${said.error.code}, ${said.error.message}.`)];
  }
  const more = said.effectiveCapability === said.capability ? [] : [
    element("p", { class: "note" }, `With what its API key may do, that comes to ${said.effectiveCapability}`),
  ];
  return [element("p", { class: "allowed" }, "The service accepts it."), ...more];
}

async function begin() {
  const answer = await fetch("/console/site.json", { cache: "no-store", credentials: "omit" });
  site = await answer.json();
  if (site.site === "endpoint") {
    byId("place").textContent = "Served by a token endpoint that is tried out (ably-auth serve --dev).";
    offer(site, (text) => {
      field.value = text;
      look();
    });
  } else {
    byId("place").textContent = "Served by a local service (ably-auth local).";
    if (site.isAdministered) watch();
    else byId("closed").hidden = false;
  }
  if (field.value !== "") look();
}

field.addEventListener("input", look);
byId("clear").addEventListener("click", () => {
  field.value = "";
  look();
  field.focus();
});
setInterval(() => update(), 1000);
begin();
