// The phone outside: its conversations with the house.
import { act, warnOf } from "./api.js";
import { byId, clock, day, fill, make, show } from "./dom.js";

const HUES = 12;
const INTERNATIONAL = /^\+[1-9]\d{6,14}$/;

const KINDS = {
  received: (sms) => ({ other: sms.sender, from: "phone", text: sms.text, at: sms.received_at }),
  sent: (sms) => ({ other: sms.recipient, from: "house", text: sms.text, at: sms.queued_at, sms }),
  received_calls: (call) => ({ other: call.caller, from: "phone", at: call.called_at, taken: call }),
  calls: (call) => ({ other: call.recipient, from: "house", at: call.called_at, placed: call }),
};

export class Phone {
  constructor() {
    this.open = null;
    this.opened = new Set();
    this.seen = new Map();
    this.drawn = "";
    this.drawnList = "";
    this.listen();
  }

  listen() {
    byId("back").addEventListener("click", () => this.turnTo(null));
    byId("new-phone").addEventListener("submit", (event) => this.add(event));
    byId("compose").addEventListener("submit", (event) => this.text(event));
    byId("text").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      byId("compose").requestSubmit();
    });
    byId("call-sheet").addEventListener("submit", (event) => this.call(event));
    this.fold("call");
    this.fold("phone");
    for (const id of ["phone-name", "phone-fate", "phone-answers"]) {
      byId(id).addEventListener("change", () => this.behave());
    }
    byId("phone-sheet").addEventListener("submit", (event) => event.preventDefault());
    byId("ring-yes").addEventListener("click", () => this.answer(true));
    byId("ring-no").addEventListener("click", () => this.answer(false));
  }

  fold(name) {
    const button = byId(`${name}-open`);
    button.addEventListener("click", () => {
      const sheet = byId(`${name}-sheet`);
      sheet.hidden = !sheet.hidden;
      button.setAttribute("aria-expanded", String(!sheet.hidden));
    });
  }

  draw(state, line) {
    this.line = line;
    this.phones = new Map(state.phones.map((phone) => [phone.number, phone]));
    this.talks = this.conversations(line);
    byId("bar-time").textContent = clock(state.now);
    this.drawList();
    this.drawThread();
    this.drawRing();
  }

  conversations(line) {
    const talks = new Map();
    for (const number of [...this.phones.keys(), ...this.opened]) talks.set(number, []);
    for (const [kind, read] of Object.entries(KINDS)) {
      for (const record of line[kind]) {
        const item = read(record);
        if (!talks.has(item.other)) talks.set(item.other, []);
        talks.get(item.other).push(item);
      }
    }
    for (const items of talks.values()) items.sort((a, b) => (a.at < b.at ? -1 : 1));
    return talks;
  }

  name(number) {
    return this.phones.get(number)?.name || number || "Withheld";
  }

  drawList() {
    const newest = ([, items]) => items.at(-1)?.at ?? "";
    const rows = [...this.talks].sort((a, b) => newest(b).localeCompare(newest(a)));
    const said = rows.map(([number, items]) => ({
      number, name: this.name(number), last: items.at(-1), unread: this.unread(number, items),
    }));
    // Drawn only when it differs: a button that is replaced loses its focus.
    const drawn = JSON.stringify(said);
    if (drawn === this.drawnList) return;
    this.drawnList = drawn;
    fill(byId("list"), said.map((row) => this.row(row)));
  }

  unread(number, items) {
    const fromHouse = items.filter((item) => item.from === "house").length;
    if (!this.drawnList || number === this.open) this.seen.set(number, fromHouse);
    return fromHouse - (this.seen.get(number) ?? 0);
  }

  row({ number, name, last, unread }) {
    const button = make("button", { type: "button", className: "talk" },
      this.face(make("span"), number),
      make("span", { className: "talk-text" },
        make("b", { textContent: name }),
        make("span", { textContent: last ? summary(last) : number })),
      make("span", { className: "talk-side" },
        make("time", { textContent: last ? clock(last.at) : "" }),
        make("span", { className: "badge", hidden: unread <= 0, textContent: String(unread) })));
    button.addEventListener("click", () => this.turnTo(number));
    return make("li", {}, button);
  }

  face(element, number) {
    const name = this.name(number);
    const hue = [...number].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % HUES;
    element.className = `face hue-${hue}`;
    element.textContent = /^\p{L}/u.test(name) ? name[0].toUpperCase() : "#";
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  turnTo(number) {
    this.open = number;
    this.drawn = "";
    byId("list-view").hidden = number !== null;
    byId("thread-view").hidden = number === null;
    for (const name of ["call", "phone"]) {
      byId(`${name}-sheet`).hidden = true;
      byId(`${name}-open`).setAttribute("aria-expanded", "false");
    }
    this.drawList();
    this.drawThread();
    if (number !== null) byId("text").focus();
  }

  drawThread() {
    if (this.open === null) return;
    const items = this.talks.get(this.open) ?? [];
    const phone = this.phones.get(this.open);
    this.face(byId("thread-face"), this.open);
    byId("thread-name").textContent = this.name(this.open);
    byId("thread-number").textContent = phone?.name ? this.open : `texts ${this.line.msisdn}`;
    byId("phone-open").hidden = !INTERNATIONAL.test(this.open);
    show(byId("phone-name"), phone?.name);
    show(byId("phone-fate"), phone?.fate ?? "DELIVERED");
    show(byId("phone-answers"), String(phone?.answers ?? ""));
    const drawn = JSON.stringify(items);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const thread = byId("thread");
    fill(thread, items.length > 0 ? withDays(items) : [make("p", { className: "hint", textContent: "Nothing was said yet." })]);
    thread.scrollTop = thread.scrollHeight;
  }

  drawRing() {
    this.ringing = this.line.calls.find((call) => call.status === "RINGING");
    const ring = byId("ring");
    if (this.ringing) {
      this.face(byId("ring-face"), this.ringing.recipient);
      byId("ring-who").textContent = `${this.name(this.ringing.recipient)}'s phone rings`;
      if (ring.hidden) {
        ring.hidden = false;
        byId("ring-yes").focus({ preventScroll: true });
      }
    } else {
      ring.hidden = true;
    }
  }

  add(event) {
    event.preventDefault();
    const number = byId("new-number").value.trim().replace(/^(\+?\d)[\d\s().-]+$/, (text) => text.replace(/[\s().-]/g, ""));
    this.opened.add(number);
    this.talks.set(number, this.talks.get(number) ?? []);
    event.target.reset();
    this.turnTo(number);
  }

  async text(event) {
    event.preventDefault();
    const text = byId("text").value;
    event.target.reset();
    const answer = await act("receive_sms", { line: this.line.msisdn, sender: this.open, text });
    warnOf(answer?.webhook);
  }

  async call(event) {
    event.preventDefault();
    const answered = event.submitter?.value === "answered";
    const withheld = byId("call-withheld").checked;
    const seconds = answered ? Number(byId("call-seconds").value) : 0;
    byId("call-open").click();
    const answer = await act("receive_call", { line: this.line.msisdn, caller: withheld ? null : this.open, duration_seconds: seconds });
    warnOf(answer?.webhook);
  }

  behave() {
    const answers = byId("phone-answers").value;
    return act("set_phone", {
      number: this.open,
      name: byId("phone-name").value,
      fate: byId("phone-fate").value,
      answers: answers === "" ? null : answers === "true",
    });
  }

  async answer(answered) {
    const answer = await act("answer", { line: this.line.msisdn, call_id: this.ringing.call_id, answered });
    warnOf(answer?.webhook);
  }
}

function withDays(items) {
  let last = "";
  return items.flatMap((item) => {
    const today = day(item.at);
    const head = today === last ? [] : [make("p", { className: "day", textContent: today })];
    last = today;
    return [...head, item.text === undefined ? callLine(item) : bubble(item)];
  });
}

function bubble(item) {
  const foot = make("footer", {}, make("time", { textContent: clock(item.at) }));
  if (item.sms) {
    const status = item.sms.status.toLowerCase();
    foot.append(make("span", { className: `status ${status}`, textContent: status }));
    if (item.sms.pages > 1) foot.append(make("span", { textContent: `${item.sms.pages} pages` }));
    if (item.sms.origin !== "api") foot.append(make("span", { textContent: "auto-reply" }));
  }
  const said = make("p", { textContent: item.text });
  return make("article", { className: `bubble ${item.from === "house" ? "house" : "phone-side"}`, ariaLabel: item.from === "house" ? "The house" : "This phone" }, said, foot);
}

function callLine(item) {
  return make("p", { className: "call-line" }, make("span", { textContent: summary(item) }), make("time", { textContent: clock(item.at) }));
}

function summary(item) {
  if (item.text !== undefined) return item.from === "house" ? `House: ${item.text}` : item.text;
  if (item.placed) {
    const results = { RINGING: "is ringing…", ANSWERED: "was answered", "NOT ANSWERED": "was not answered" };
    return `✆ The house's call ${results[item.placed.status] ?? item.placed.status.toLowerCase()}`;
  }
  return item.taken.duration === 0 ? "✆ Rang the house, no answer" : `✆ Called the house, ${item.taken.duration} s`;
}
