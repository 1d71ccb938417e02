// The provider's side: the line, its webhooks, switches and faults.
import { act } from "./api.js";
import { byId, clock, fill, label, make, show, words } from "./dom.js";

const KINDS = {
  sms: "Received SMS",
  call: "Received calls",
  sms_status: "Sent-SMS reports",
  call_status: "Placed-call status",
};

const SETTINGS = {
  credit: { kind: "number" },
  sim_status: { kind: "text", values: ["READY", "SENDING SMS", "IN CALL"] },
  "subscription.status": { kind: "text", values: ["ACTIVE", "INACTIVE"] },
  "subscription.plan": { kind: "text" },
  "subscription.expires": { kind: "moment" },
  originator: { kind: "choice", values: ["approved", "pending", "unregistered"] },
  sms_auto_reply: { kind: "text" },
  call_auto_reply: { kind: "text" },
  barred: { kind: "flag" },
  frozen: { kind: "flag" },
  app_online: { kind: "flag" },
};

export class Panel {
  constructor(choices) {
    this.choices = choices;
    this.drawnArmed = "";
    this.webhooks = this.buildWebhooks();
    this.settings = build("settings", SETTINGS, (name, value) => this.set(name, value));
    this.switches = build("switches", choices.switches, (name, value) =>
      this.act("set_switches", { [name]: value }));
    this.buildFaults();
    this.listen();
  }

  act(action, body = {}) {
    return act(action, { line: this.line.msisdn, ...body });
  }

  set(name, value) {
    const [outer, inner] = name.split(".");
    return this.act("set_line", { [outer]: inner ? { [inner]: value } : value });
  }

  buildWebhooks() {
    const inputs = {};
    for (const [kind, label] of Object.entries(KINDS)) {
      const input = make("input", { type: "url", placeholder: "not set" });
      input.addEventListener("change", () =>
        this.act("set_webhooks", { url: input.value || null, kinds: [kind] }));
      byId("webhooks").append(make("label", {}, label, input));
      inputs[kind] = input;
    }
    return inputs;
  }

  listen() {
    byId("webhook-all").addEventListener("submit", (event) => {
      event.preventDefault();
      this.act("set_webhooks", { url: byId("webhook-url").value });
      event.target.reset();
    });
    byId("disarm").addEventListener("click", () => act("disarm"));
    byId("clock-buttons").addEventListener("click", ({ target }) => {
      if (target.dataset.advance) act("clock", { advance: Number(target.dataset.advance) });
      else if (target.dataset.action) act("clock", { [target.dataset.action]: true });
    });
  }

  buildFaults() {
    const names = (group) => Object.keys(group).map((name) => make("option", { value: name, textContent: label(name) }));
    fill(byId("fault"), [
      make("optgroup", { label: "Requests" }, ...names(this.choices.request_faults)),
      make("optgroup", { label: "Webhooks" }, ...names(this.choices.webhook_faults)),
    ]);
    byId("fault").addEventListener("change", () => this.drawFault());
    byId("arm").addEventListener("submit", (event) => this.arm(event));
    this.drawFault();
  }

  drawFault() {
    const name = byId("fault").value;
    const ofRequest = this.choices.request_faults[name];
    const places = ofRequest ? this.choices.operations : this.choices.webhooks;
    fill(byId("fault-where"), ["*", ...places].map((place) =>
      make("option", { value: place, textContent: place === "*" ? "anywhere" : place })));
    const params = ofRequest ?? this.choices.webhook_faults[name];
    this.params = {};
    fill(byId("fault-params"), Object.entries(params).map(([param, value]) => {
      const input = make("input", { value: value === null ? "" : JSON.stringify(value), placeholder: "default" });
      this.params[param] = input;
      return make("label", {}, label(param), input);
    }));
  }

  arm(event) {
    event.preventDefault();
    const params = {};
    for (const [name, input] of Object.entries(this.params)) {
      if (input.value.trim() !== "") params[name] = plain(input.value);
    }
    this.act("arm", {
      fault: byId("fault").value,
      operation: byId("fault-where").value,
      times: Number(byId("fault-times").value),
      ...params,
    });
  }

  draw(state, line) {
    this.line = line;
    this.drawFacts(line);
    for (const [kind, input] of Object.entries(this.webhooks)) show(input, line.webhooks[kind]);
    for (const [name, input] of Object.entries(this.settings)) {
      const [outer, inner] = name.split(".");
      show(input, inner ? line[outer][inner] : line[outer]);
    }
    for (const [name, input] of Object.entries(this.switches)) show(input, line.switches[name]);
    this.drawArmed(state.faults);
    byId("now").textContent = `${new Date(state.now).toLocaleString()}${state.frozen ? ", stopped" : ""}`;
  }

  drawFacts(line) {
    const base = `${location.origin}/sync/api`;
    fill(byId("facts"), [
      fact("Number", line.msisdn),
      fact("Credit", line.credit.toLocaleString([], { maximumFractionDigits: 2 })),
      fact("Subscription", line.subscription.status),
      fact("SIM", line.sim_status),
      fact("API key", line.api_key, true),
      fact("Base URL", base, true),
    ]);
  }

  drawArmed(faults) {
    const drawn = JSON.stringify(faults);
    if (drawn === this.drawnArmed) return;
    this.drawnArmed = drawn;
    fill(byId("armed"), faults.map((fault) => {
      const left = fault.times === 0 ? "until called off" : `${fault.times - fault.used} ×`;
      const off = make("button", { type: "button", textContent: "×", ariaLabel: `Call off ${words(fault.name)}` });
      off.addEventListener("click", () => act("disarm", { fault: fault.name }));
      return make("li", {}, make("span", { textContent: `${words(fault.name)} · ${fault.operation === "*" ? "anywhere" : fault.operation} · ${left}` }), off);
    }));
  }

  drawRequests(requests) {
    fill(byId("requests"), requests.toReversed().map((each) => make("tr", {},
      ...[clock(each.at, true), `${each.method} ${each.operation || each.path}`, each.answered ?? "none",
        each.processed ? "yes" : "no", each.fault ? words(each.fault) : ""]
        .map((textContent) => make("td", { textContent })))));
  }
}

function fact(name, value, copied = false) {
  const element = make("div", { className: "fact" },
    make("span", { className: "label", textContent: name }),
    make("span", { className: "value", textContent: value }));
  if (copied) {
    const button = make("button", { type: "button", className: "quiet", textContent: "Copy", ariaLabel: `Copy ${name}` });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(value);
      button.textContent = "Copied";
    });
    element.append(button);
  }
  return element;
}

function build(place, kinds, change) {
  const inputs = {};
  for (const [name, { kind, values }] of Object.entries(kinds)) {
    const input = control(place, name, kind, values);
    input.addEventListener("change", () => change(name, read(input, kind)));
    inputs[name] = input;
    byId(place).append(make("label", { className: kind }, label(name), input));
  }
  return inputs;
}

function control(place, name, kind, values = []) {
  const options = values.map((value) => make("option", { value, textContent: value }));
  if (kind === "choice") return make("select", {}, ...options);
  if (kind === "flag") return make("input", { type: "checkbox" });
  if (kind === "moment") return make("input", { type: "datetime-local", required: true });
  if (kind !== "text") return make("input", { type: "number", min: "0", step: "any", placeholder: "by hand" });
  const input = make("input", { type: "text", autocomplete: "off" });
  if (options.length > 0) {
    const id = `${place}-${name}`;
    byId(place).append(make("datalist", { id }, ...options));
    input.setAttribute("list", id);
  }
  return input;
}

function read(input, kind) {
  if (kind === "flag") return input.checked;
  if (kind === "moment") return new Date(input.value).toISOString();
  if (kind === "number") return Number(input.value);
  if (kind === "optional_number") return input.value === "" ? null : Number(input.value);
  return kind === "choice" ? plain(input.value) : input.value;
}

// Numbers among the choices (an HTTP status) come out of a form as text.
function plain(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
