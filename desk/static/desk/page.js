// What the office's pages share: the token on every request, and notices.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
// True while an input method is composing: no key may do anything then.
export const composing = (event) => event.isComposing || event.keyCode === 229;
export const writing = (element) =>
  element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

export function notice(text, good = true) {
  const box = document.createElement("div");
  box.className = good ? "notice" : "notice is-bad";
  box.textContent = text;
  $("#notices").replaceChildren(box);
  setTimeout(() => box.remove(), good ? 4000 : 8000);
}

export function start() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) {
      notice(`没有成功（${event.detail.xhr.status}），请刷新页面再试`, false);
    }
  });
  document.body.addEventListener("htmx:sendError", () => notice("没有成功：连不上服务台", false));
  document.body.addEventListener("desk:notice", (event) => notice(event.detail.text, event.detail.good));
}
