// The inbox of the unanswered: groups by keyboard, actions in bulk.
import { $, $$, composing, notice, start, writing } from "./page.js";

start();
const form = $("#settle");
let open = Number($("#group input[name=open]")?.value) || 0;

function mark() {
  for (const row of $$(".group-row")) row.classList.toggle("is-open", Number(row.dataset.id) === open);
}

function show(row) {
  if (!row) return;
  open = Number(row.dataset.id);
  mark();
  row.scrollIntoView({ block: "nearest" });
  $("a", row).focus();
  htmx.ajax("GET", $("a", row).getAttribute("hx-get"), "#group");
}

function step(by) {
  const rows = $$(".group-row");
  const here = rows.findIndex((row) => Number(row.dataset.id) === open);
  show(rows[Math.min(Math.max(here + by, 0), rows.length - 1)]);
}

// What is marked: questions first, then groups, else the group that is open.
function values(what) {
  const list = new URLSearchParams({ what });
  for (const name of ["topic", "label", "reason"]) list.set(name, form.elements[name]?.value ?? "");
  list.set("kind", $("input[name=kind]:checked")?.value ?? "");
  for (const name of ["question", "group"]) {
    for (const box of $$(`input[name=${name}]:checked`)) list.append(name, box.value);
  }
  if (!list.has("question") && !list.has("group") && what !== "merge") list.append("group", String(open));
  return list;
}

async function settle(what) {
  if (what === "adopt" && !form.elements.topic.value) {
    notice("请先选主题", false);
    $("#topic").focus();
    return;
  }
  if (what === "dismiss" && form.elements.reason.value.trim().length < 2) {
    notice("请写明理由", false);
    $("#reason").focus();
    return;
  }
  if (what === "new_topic" && !form.elements.label.value.trim()) {
    notice("请给新主题起个名称", false);
    $("#label").focus();
    return;
  }
  const headers = { "X-CSRFToken": document.body.dataset.csrf, "HX-Request": "true" };
  const response = await fetch(form.dataset.settle, { method: "POST", body: values(what), headers });
  const told = JSON.parse(response.headers.get("HX-Trigger") ?? "{}")["desk:notice"];
  if (told) notice(told.text, told.good);
  else if (!response.ok) notice(`没有成功（${response.status}），请刷新页面再试`, false);
  if (response.ok && told?.good) await refresh();
}

async function refresh() {
  const rows = $$(".group-row").map((row) => Number(row.dataset.id));
  const marked = $$("input[name=group]:checked").map((box) => Number(box.value));
  const after = rows.slice(rows.indexOf(open) + 1);
  const { groups, why, fate } = form.dataset;
  await htmx.ajax("GET", `${groups}?why=${why}&fate=${fate}`, "#groups");
  const left = $$(".group-row");
  const next =
    left.find((row) => Number(row.dataset.id) === open) ??
    left.find((row) => marked.includes(Number(row.dataset.id))) ??
    left.find((row) => after.includes(Number(row.dataset.id))) ??
    left[0];
  if (next) {
    show(next);
  } else {
    $("#group").innerHTML = '<p class="muted">没有要处理的问题。</p>';
  }
}

async function saveDraft(box) {
  const body = new URLSearchParams({
    topic: $("[data-draft-topic]", box).value,
    text: $("[data-draft-text]", box).value,
  });
  const headers = { "X-CSRFToken": document.body.dataset.csrf, "HX-Request": "true" };
  const response = await fetch(box.dataset.draft, { method: "POST", body, headers });
  const told = JSON.parse(response.headers.get("HX-Trigger") ?? "{}")["desk:notice"];
  notice(told?.text ?? `没有成功（${response.status}）`, told?.good ?? false);
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => {
    const box = $(".group-row.is-open input");
    if (box) box.checked = !box.checked;
  },
  a: () => {
    const boxes = $$("input[name=question]");
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  },
  t: () => $("#topic")?.focus(),
  o: () => settle("off_topic"),
  n: () => $("#label")?.focus(),
  d: () => $("#reason")?.focus(),
  m: () => settle("merge"),
  "?": () => $("#keys").showModal(),
};
const enters = { topic: "adopt", label: "new_topic", reason: "dismiss" };

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && enters[event.target.id]) {
    event.preventDefault();
    settle(enters[event.target.id]);
    return;
  }
  if (event.key === "Escape" && writing(event.target)) {
    event.target.blur();
    return;
  }
  if (writing(event.target) || $("dialog[open]")) return;
  const action = keys[event.key.toLowerCase()];
  if (action && (event.key === "?" || event.key === "j" || event.key === "k" || $(".actions"))) {
    event.preventDefault();
    action();
  }
});
document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const row = at(".group-row a");
  if (row && !event.ctrlKey && !event.metaKey) {
    open = Number(row.closest(".group-row").dataset.id);
    mark();
  }
  if (at("#keys-open")) $("#keys").showModal();
  if (at("[data-what]")) settle(at("[data-what]").dataset.what);
  if (at("[data-draft-save]")) saveDraft(at(".draft"));
});
form.addEventListener("submit", (event) => event.preventDefault());
mark();
