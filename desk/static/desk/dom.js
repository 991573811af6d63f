// Small things that every part of the console uses.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export const consoleBox = $("#console");
export const openId = () => Number(consoleBox.dataset.open) || 0;

// A request that the page makes by itself: it doesn't count as use, so an idle session still ends.
export async function background(url, options = {}) {
  const headers = {
    "X-Desk-Background": "1",
    "HX-Request": "true",
    "X-CSRFToken": document.body.dataset.csrf,
  };
  const response = await fetch(url, { ...options, headers });
  if (response.status === 401) location.assign("/login/?next=" + encodeURIComponent(location.pathname));
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

export function notice(text, good = true) {
  const box = document.createElement("div");
  box.className = good ? "notice" : "notice is-bad";
  box.textContent = text;
  $("#notices").replaceChildren(box);
  setTimeout(() => box.remove(), good ? 3000 : 7000);
}

// True while an input method is composing: no key may do anything then.
export const composing = (event) => event.isComposing || event.keyCode === 229;
