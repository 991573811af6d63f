// The keyboard. Nothing fires while an input method composes, nor letters while something is being written.
import { $, $$, composing } from "./dom.js";
import { cannedMenu, closeMenu, setMode } from "./composer.js";
import { openConversation } from "./live.js";

const writing = (element) => element.matches?.("input, textarea, select, [contenteditable]");

function step(by) {
  const rows = $$(".row");
  if (!rows.length) return;
  const here = rows.findIndex((row) => row === document.activeElement);
  const start = here >= 0 ? here : rows.findIndex((row) => row.classList.contains("is-open"));
  const next = rows[Math.min(Math.max(start + by, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

export function openNext() {
  const rows = $$(".row");
  const here = rows.findIndex((row) => row.classList.contains("is-open"));
  const next = rows.find((_, at) => at !== here);
  if (next) openConversation(Number(next.dataset.id)).catch(() => {});
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  t: () => $("#do-claim")?.click(),
  e: () => $("#do-close")?.click(),
  r: () => {
    setMode("reply");
    $("#text")?.focus();
  },
  n: () => {
    setMode("note");
    $("#text")?.focus();
  },
  "/": () => cannedMenu().catch(() => {}),
  "?": () => $("#help").showModal(),
};

export function start() {
  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      closeMenu();
      if (writing(event.target)) event.target.blur();
      return;
    }
    if (writing(event.target) || $("dialog[open]")) return;
    const action = actions[event.key.toLowerCase()];
    if (action) {
      event.preventDefault();
      action();
    }
  });
}
