// The control of the simulator, as this page uses it.
import { toast } from "./dom.js";

const MOST = 200;

export async function get(path) {
  const response = await fetch(`/control/${path}`);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

export const getState = () => get(`state?newest=${MOST}`);
export const getRequests = () => get("requests?newest=30");
export const getChoices = () => get("choices");

// Returns the answer, or null after telling what is wrong.
export async function act(action, body = {}) {
  try {
    const response = await fetch(`/control/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    toast(answer.error);
  } catch {
    toast("The simulator does not answer.");
  }
  return null;
}

export function warnOf(posts) {
  if (!posts || posts.length === 0) return;
  const refused = posts.filter((status) => status < 200 || status >= 300);
  if (refused.length > 0) {
    toast(`The webhook answered: ${refused.map((status) => status || "nothing").join(", ")}`);
  }
}
