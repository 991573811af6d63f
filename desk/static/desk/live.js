// Puts fresh parts of the open conversation into the page without disturbing what is being written.
import { $, $$, background, consoleBox, openId } from "./dom.js";
import { composerReady } from "./composer.js";

const near = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 120;

export function toBottom() {
  const box = $("#bubbles");
  if (box) box.scrollTop = box.scrollHeight;
}

function mergeBubbles(fresh) {
  const box = $("#bubbles");
  const stick = near(box);
  for (const bubble of $$(".bubble", fresh)) {
    const known = document.getElementById(bubble.id);
    const same = known && known.dataset.v === bubble.dataset.v;
    if (same && !$("button[hx-post]", known) === !$("button[hx-post]", bubble)) continue;
    if (known) {
      known.replaceWith(bubble);
    } else {
      $(".empty", box)?.remove();
      const before = $$(".bubble", box).reverse();
      const after = before.find((each) => Number(each.dataset.n) < Number(bubble.dataset.n));
      if (after) after.after(bubble);
      else box.append(bubble);
    }
    htmx.process(bubble);
  }
  if (stick) toBottom();
}

function mergeHead(fresh) {
  const now = $("#head");
  const next = $("#head", fresh);
  if (now.innerHTML.trim() === next.innerHTML.trim() && now.dataset.epoch === next.dataset.epoch) return;
  now.replaceWith(next);
  htmx.process(next);
}

function mergeComposer(fresh) {
  const now = $("#composer");
  const next = $("#composer", fresh);
  if (now.dataset.epoch !== next.dataset.epoch || now.dataset.mine !== next.dataset.mine) {
    now.replaceWith(next);
    composerReady();
  } else if ($("#allowance", next)) {
    $("#allowance").replaceWith($("#allowance", next));
  }
}

let running = false;
let again = false;
let retry = 0;

export async function refreshPane() {
  const id = openId();
  if (!id) return;
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    const last = $$(".bubble").reduce((most, each) => Math.max(most, Number(each.dataset.n)), 0);
    const response = await background(`/c/${id}/live/?after=${last}`);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (id === openId()) {
      mergeBubbles(fresh);
      mergeHead(fresh);
      mergeComposer(fresh);
    }
  } catch {
    // What was told must not be lost because the server couldn't be reached for a moment.
    clearTimeout(retry);
    retry = setTimeout(refreshPane, 1500);
  } finally {
    running = false;
    if (again) {
      again = false;
      refreshPane();
    }
  }
}

export async function refreshContext() {
  const id = openId();
  const box = $("#context");
  if (!id || !box || box.contains(document.activeElement)) return;
  const response = await background(`/c/${id}/context/`);
  if (id !== openId()) return;
  const known = new Map($$("details[data-key]", box).map((card) => [card.dataset.key, card.open]));
  box.innerHTML = await response.text();
  for (const card of $$("details[data-key]", box)) card.open = known.get(card.dataset.key) ?? card.open;
  htmx.process(box);
}

// What stands in the middle while no conversation is open.
function showIdle(waiting) {
  if (!$("#idle")) return;
  $("#idle").textContent = waiting ? `${waiting} 位申请人在等待` : "现在没有人在等待";
  $("#first").hidden = !waiting;
}

export async function openFirst() {
  await refreshQueue("waiting");
  const row = $(".row");
  if (row) await openConversation(Number(row.dataset.id));
}

let asked = 0;
let shown = 0;

export async function refreshQueue(view = null) {
  const turn = ++asked;
  const list = $("#list");
  const wanted = view ?? list.dataset.view;
  const top = wanted === list.dataset.view ? list.scrollTop : 0;
  // Far down in a list nothing is pulled away from under the reader; only the counts are fresh then.
  const response = await background(`/queue/?view=${wanted}&open=${openId() || ""}`);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  if (turn < shown) return; // a younger answer was quicker
  shown = turn;
  showIdle(Number($("#list", fresh).dataset.waiting) || 0);
  const focused = document.activeElement?.closest?.(".row")?.dataset.id;
  $(".tabs").replaceWith($(".tabs", fresh));
  if (top > 600) {
    list.dataset.waiting = $("#list", fresh).dataset.waiting;
    return;
  }
  const next = $("#list", fresh);
  list.replaceWith(next);
  htmx.process(next);
  next.scrollTop = top;
  if (focused) $(`.row[data-id="${focused}"]`)?.focus({ preventScroll: true });
}

export async function openConversation(id, push = true) {
  const response = await background(`/c/${id}/pane/`, {});
  const work = $("#work");
  work.innerHTML = await response.text();
  consoleBox.dataset.open = id;
  if (push) history.pushState({ id }, "", `/c/${id}/`);
  for (const row of $$(".row")) {
    const here = Number(row.dataset.id) === id;
    row.classList.toggle("is-open", here);
    if (here) {
      row.setAttribute("aria-current", "true");
    } else {
      row.removeAttribute("aria-current");
    }
  }
  htmx.process(work);
  composerReady();
  toBottom();
  refreshPane(); // something may have changed while it was on its way
}
