// Keeps the page in step with the simulator.
import { getChoices, getRequests, getState } from "./api.js";
import { byId, fill, make, show, toast } from "./dom.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";

const RETRY = 2000;

class App {
  constructor(choices) {
    this.phone = new Phone();
    this.panel = new Panel(choices);
    this.chosen = null;
    this.busy = false;
    this.again = false;
    byId("line").addEventListener("change", (event) => {
      this.chosen = event.target.value;
      this.refresh();
    });
    byId("requests-card").addEventListener("toggle", () => this.refresh());
  }

  listen() {
    const changes = new EventSource("/control/changes");
    changes.onopen = () => this.say("live", "live");
    changes.onmessage = () => this.refresh();
    changes.onerror = () => this.say("the simulator is not running", "lost");
  }

  say(text, state) {
    byId("link").textContent = text;
    byId("link").dataset.state = state;
  }

  async refresh() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      await this.draw();
    } catch {
      this.say("the simulator is not running", "lost");
    }
    this.busy = false;
    if (this.again) {
      this.again = false;
      await this.refresh();
    }
  }

  async draw() {
    const state = await getState();
    const line = state.lines.find((each) => each.msisdn === this.chosen) ?? state.lines[0];
    if (!line) return;
    this.chosen = line.msisdn;
    this.drawChoice(state.lines);
    this.phone.draw(state, line);
    this.panel.draw(state, line);
    if (byId("requests-card").open) this.panel.drawRequests(await getRequests());
  }

  drawChoice(lines) {
    const choice = byId("line");
    byId("line-choice").hidden = lines.length < 2;
    if (choice.options.length !== lines.length) {
      fill(choice, lines.map(({ msisdn }) => make("option", { value: msisdn, textContent: msisdn })));
    }
    show(choice, this.chosen);
  }
}

async function start() {
  try {
    const app = new App(await getChoices());
    await app.refresh();
    app.listen();
  } catch {
    toast("The simulator does not answer.");
    setTimeout(start, RETRY);
  }
}

start();
