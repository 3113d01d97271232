// Makes elements. Text only ever becomes text.

/** An element with attributes and children; a child is an element or a text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** The element of an id. */
export const byId = (id) => document.getElementById(id);

/** Changes a text only where it differs, so that nothing is read out or redrawn for no reason. */
export function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** A table with a caption that may be wider than the page. */
export function table(caption, head, rows) {
  return element(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table", {}, element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...rows)));
}

/** A time of day, or with its date if it is not of today. */
export function time(milliseconds) {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return "-";
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : date.toLocaleString();
}
