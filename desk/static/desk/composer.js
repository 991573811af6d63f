// The composer: reply or note, bytes and split, canned replies, drafts,
// and Enter that waits for the input method.
import { $, $$, background, composing, notice, openId } from "./dom.js";

const drafts = new Map();
let mode = "reply";
let reserve = false;
let timer = 0;
let sending = null; // what is on its way, with the key of its draft
let again = false; // Enter was pressed meanwhile
const form = () => $("#composer");
const field = () => $("#text");
const draftKey = () => `${openId()}:${mode}`;

export function setMode(next) {
  if (!field()) return;
  mode = form().dataset.mine ? next : "note";
  for (const button of $$(".mode-button")) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  }
  form().classList.toggle("is-note", mode === "note");
  field().placeholder =
    mode === "note" ? "写内部备注，申请人看不到" : "回复申请人。回车发送，Shift+回车换行，/ 选常用语";
  field().setAttribute("aria-label", mode === "note" ? "内部备注" : "写给申请人");
  $("#send").textContent = mode === "note" ? "存为备注" : "发送";
  field().value = drafts.get(draftKey()) ?? "";
  measure();
}

export function composerReady() {
  if (!form() || !field()) return;
  reserve = false;
  setMode(form().dataset.mine ? "reply" : "note");
}

async function showSplit(text) {
  const box = $("#split");
  const response = await background("/measure/", { method: "POST", body: new URLSearchParams({ text }) });
  const { bytes, pieces } = await response.json();
  if (field()?.value !== text) return;
  $("#bytes").textContent = `${bytes} 字节`;
  box.hidden = pieces.length === 0;
  $("summary", box).textContent = `会分成 ${pieces.length} 条发出，点开看怎么分`;
  $("ol", box).replaceChildren(
    ...pieces.map((piece) => Object.assign(document.createElement("li"), { textContent: piece })),
  );
}

function measure() {
  const text = field().value;
  drafts.set(draftKey(), text);
  const bytes = new TextEncoder().encode(text).length;
  $("#bytes").textContent = text && mode === "reply" ? `${bytes} / 1800 字节` : "";
  clearTimeout(timer);
  $("#split").hidden = true;
  if (mode === "reply" && bytes > 1780) timer = setTimeout(() => showSplit(text).catch(() => {}), 200);
}

export function submit() {
  const text = field().value.trim();
  if (sending) again = true;
  if (sending || !text) return;
  sending = { key: draftKey(), text };
  const values = { text, epoch: form().dataset.epoch, reserve: reserve ? "1" : "" };
  reserve = false;
  $("#send").disabled = true;
  const url = mode === "note" ? form().dataset.note : form().dataset.send;
  htmx.ajax("POST", url, { target: "#pane", values }).finally(sent);
}

function sent() {
  const more = again;
  sending = null;
  again = false;
  if ($("#send")) $("#send").disabled = false;
  if (more && field()) submit();
}

export function insert(text) {
  if (!field()) return;
  if (!form().dataset.mine) {
    notice("接管后才能回复申请人", false);
    return;
  }
  if (mode !== "reply") setMode("reply");
  const area = field();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.focus();
  measure();
}

export async function cannedMenu(query = "") {
  const menu = $("#canned-menu");
  if (!menu || !form().dataset.mine) return;
  const response = await background(`${form().dataset.canned}?q=${encodeURIComponent(query)}`);
  menu.innerHTML = await response.text();
  menu.hidden = false;
  if (document.activeElement !== field()) $(".insert", menu)?.focus();
}

export const closeMenu = () => {
  const menu = $("#canned-menu");
  if (menu) menu.hidden = true;
};

document.addEventListener("input", (event) => {
  if (event.target.id !== "text") return;
  reserve = false;
  measure();
  const slash = /^\/(\S*)$/.exec(event.target.value);
  if (slash && mode === "reply") {
    cannedMenu(slash[1]).catch(() => {});
  } else {
    closeMenu();
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "composer") {
    event.preventDefault();
    submit();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "text" || composing(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest(".insert");
  if (button) {
    if (/^\/\S*$/.test(field()?.value ?? "")) field().value = "";
    insert(button.dataset.insert);
    closeMenu();
  }
  const chosen = event.target.closest(".mode-button");
  if (chosen) {
    setMode(chosen.dataset.mode);
    field().focus();
  }
});
document.body.addEventListener("desk:sent", () => {
  // What was typed since is the next reply's draft.
  if (sending && drafts.get(sending.key)?.trim() === sending.text) drafts.delete(sending.key);
});
document.body.addEventListener("desk:reserve", () => {
  setTimeout(() => {
    reserve = true;
  });
});
