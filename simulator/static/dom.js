// Small helpers; foreign text only ever becomes textContent.

export const byId = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function fill(element, children) {
  element.replaceChildren(...children);
}

// Never takes a value out from under someone who is typing it.
export function show(input, value) {
  if (document.activeElement === input) return;
  if (input.type === "checkbox") input.checked = Boolean(value);
  else if (input.type === "datetime-local") input.value = local(value);
  else input.value = value ?? "";
}

export const words = (name) => name.replaceAll(/[_.]/g, " ");

export function label(name) {
  const text = words(name).replaceAll(/\b(sms|sim|id|http|utc|msisdn)\b/g, (word) => word.toUpperCase());
  return text[0].toUpperCase() + text.slice(1);
}

export function clock(iso, seconds = false) {
  const options = { hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }) };
  return new Date(iso).toLocaleTimeString([], options);
}

export function day(iso) {
  return new Date(iso).toLocaleDateString([], { weekday: "short", day: "numeric", month: "short" });
}

function local(iso) {
  const moment = new Date(iso);
  return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

let hiding;

export function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { element.hidden = true; }, 6000);
}
