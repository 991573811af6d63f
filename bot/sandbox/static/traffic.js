// The raw traffic, for developers: what went over the wire, and the same decrypted.

import { byId, clock, make } from "./dom.js";

const KEPT = 200;
const DIRECTIONS = { callback: "微信 → 网关", answer: "网关 → 微信", api: "程序 → 微信接口" };
const TOKEN = /<!\[CDATA\[[\s\S]*?\]\]>|<\/?[^>]+>|[^<]+/g;

const list = byId("records");
const known = new Set();

/** XML with one element a line; nothing inside CDATA is touched. */
function tidy(xml) {
  if (!xml.startsWith("<")) {
    return xml;
  }
  let depth = 0;
  let text = "";
  let opened = false;
  for (const token of xml.match(TOKEN) ?? []) {
    const tag = token.startsWith("<") && !token.startsWith("<![");
    const closing = token.startsWith("</");
    if (!tag) {
      text += token.trim() === "" ? "" : token;
      continue;
    }
    depth -= closing ? 1 : 0;
    text += closing && opened ? token : `${text ? "\n" : ""}${"  ".repeat(Math.max(depth, 0))}${token}`;
    opened = !closing && !token.endsWith("/>");
    depth += opened ? 1 : 0;
  }
  return text;
}

function copyButton(text) {
  const button = make("button", { type: "button", class: "plain small" }, "复制");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "已复制";
    } catch {
      button.textContent = "请手动复制";
    }
  });
  return button;
}

function block(title, raw, shown) {
  if (!raw) {
    return null;
  }
  const head = make("div", { class: "block-head" }, make("h3", {}, title), copyButton(raw));
  return make("div", {}, head, make("pre", { tabindex: "0", "aria-label": title }, shown));
}

function summary(record, name) {
  const bad = record.direction !== "callback" && (record.note.includes("故障") || record.note.includes("投递")
    || record.note.includes("错误码"));
  const facts = [];
  if (record.delivery > 1) {
    facts.push(`第 ${record.delivery} 次投递`);
  }
  if (record.status) {
    facts.push(`状态码 ${record.status}`);
  }
  if (record.direction === "answer") {
    facts.push(`${record.milliseconds} 毫秒`);
  }
  return make(
    "summary",
    {},
    make("span", { class: "when" }, clock(record.at, true)),
    make("span", { class: `way ${record.direction}` }, DIRECTIONS[record.direction]),
    make("span", { class: "what" }, record.title),
    name ? make("span", { class: "fact" }, name) : null,
    ...facts.map((fact) => make("span", { class: "fact" }, fact)),
    record.note ? make("span", { class: bad ? "note bad" : "note" }, record.note) : null,
  );
}

export function add(record, users) {
  if (known.has(record.id)) {
    return;
  }
  known.add(record.id);
  const name = users.get(record.user)?.name;
  const element = make("details", { "data-user": record.user }, summary(record, name));
  element.addEventListener("toggle", () => {
    // Filled when it is first opened: most never are.
    if (element.open && element.childElementCount === 1) {
      const title = record.direction === "api" ? "调用和结果" : "解密后";
      const parts = [
        block(title, record.opened, tidy(record.opened)),
        block("线上的密文", record.sealed, record.sealed),
      ];
      const shown = parts.filter((part) => part !== null);
      element.append(...(shown.length ? shown : [make("p", { class: "hint" }, "没有内容。")]));
    }
  });
  list.prepend(element);
  while (list.childElementCount > KEPT) {
    list.lastElementChild.remove();
  }
}

export function clear() {
  known.clear();
  list.replaceChildren();
}

/** Show the records of one user, or of everyone. API calls about nobody are always shown. */
export function filter(user, everyone) {
  for (const element of list.children) {
    const of = element.dataset.user;
    element.hidden = !everyone && of !== "" && of !== user;
  }
}
