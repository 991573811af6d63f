// The console: wires its parts together.
import { $, background, consoleBox, notice } from "./dom.js";
import { openConversation, openFirst, refreshContext, refreshPane, refreshQueue, toBottom } from "./live.js";
import { composerReady } from "./composer.js";
import * as alerts from "./alerts.js";
import * as keys from "./keys.js";
import * as stream from "./stream.js";

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
});
document.body.addEventListener("htmx:responseError", (event) =>
  notice(`没有成功（${event.detail.xhr.status}），请刷新页面再试`, false),
);
document.body.addEventListener("htmx:sendError", () => notice("没有成功：连不上服务台", false));
document.body.addEventListener("desk:notice", (event) => notice(event.detail.text, event.detail.good));
document.body.addEventListener("desk:context", () => {
  document.activeElement?.blur();
  refreshContext().catch(() => {});
});
document.body.addEventListener("desk:next", () => {
  setTimeout(() => refreshQueue().then(keys.openNext).catch(() => {}), 50);
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "pane") {
    composerReady();
    toBottom();
    refreshPane(); // something may have changed after this answer was made
    if ($("#composer")?.dataset.mine) $("#text").focus();
    refreshQueue().then(alerts.showTitle).catch(() => {});
  }
});

const dialog = $("#dialog");
const REASON = `
  <form class="dialog-form" data-closes>
    <h2></h2>
    <label for="reason">理由</label>
    <textarea id="reason" name="reason" rows="3" maxlength="300" required minlength="2"></textarea>
    <div class="dialog-buttons">
      <button type="button" class="button" data-close>取消</button>
      <button type="submit" class="button button-main">确定</button>
    </div>
  </form>`;

function askReason(button) {
  dialog.innerHTML = REASON;
  $("h2", dialog).textContent = button.dataset.reason;
  const form = $("form", dialog);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const target = button.dataset.target;
    const values = { reason: form.elements.reason.value, epoch: button.dataset.epoch ?? "" };
    const where = target ? { target, swap: "outerHTML", values } : { target: "#pane", values };
    htmx.ajax("POST", button.dataset.post, where);
    dialog.close();
  });
  dialog.showModal();
}

document.addEventListener("click", async (event) => {
  const at = (selector) => event.target.closest(selector);
  const row = at(".row");
  const tab = at(".tab");
  const wants = at("[data-dialog]");
  const why = at("[data-reason]");
  if (at("[data-close]")) at("dialog").close();
  if (at("#help-open")) $("#help").showModal();
  if (row && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openConversation(Number(row.dataset.id)).catch(() => notice("打不开，请刷新页面", false));
  }
  if (at("#first")) openFirst().catch(() => {});
  if (tab) refreshQueue(tab.dataset.view).catch(() => {});
  if (why) askReason(why);
  if (wants) {
    dialog.innerHTML = await (await background(wants.dataset.dialog)).text();
    htmx.process(dialog);
    dialog.showModal();
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-closes]")) dialog.close();
});
addEventListener("popstate", () => {
  const found = /^\/c\/(\d+)\//.exec(location.pathname);
  if (found) {
    openConversation(Number(found[1]), false).catch(() => {});
  } else {
    location.reload();
  }
});

const two = (number) => String(number).padStart(2, "0");

function lasting(seconds) {
  if (seconds < 60) return `${seconds}秒`;
  const minutes = Math.floor(seconds / 60);
  if (seconds < 3600) return `${minutes}分${two(seconds % 60)}秒`;
  return `${Math.floor(seconds / 3600)}时${two(minutes % 60)}分`;
}

// The clocks of those who wait go on without asking the server.
setInterval(() => {
  for (const clock of document.querySelectorAll(".clock")) {
    const seconds = Math.max(Math.floor(Date.now() / 1000) - Number(clock.dataset.since), 0);
    clock.textContent = `等 ${lasting(seconds)}`;
    clock.classList.toggle("is-late", seconds > 300);
  }
}, 1000);

composerReady();
toBottom();
alerts.start();
keys.start();
stream.start();
if (consoleBox.dataset.open) history.replaceState({ id: Number(consoleBox.dataset.open) }, "");
