// The chat of one user: bubbles, options, notices.

import { WORDS } from "./channel.js";
import { byId, clock, make } from "./dom.js";

const QUIET_SECONDS = 300;
const KINDS = { voice: "语音", location: "位置", link: "链接" };
const SAFE = /^(https?:\/\/|tel:)/;

const log = byId("log");
let lastAt = 0;
let waiting = null;

function option(piece, block, onTap) {
  return make(
    "button",
    { type: "button", class: block ? "option" : "option inline", onclick: () => onTap(piece) },
    piece.number ? make("span", { class: "number" }, piece.number) : null,
    piece.label,
  );
}

function link(piece) {
  if (!SAFE.test(piece.href)) {
    return piece.label;
  }
  const outside = piece.href.startsWith("http");
  return make("a", { href: piece.href, target: outside && "_blank", rel: outside && "noopener noreferrer" },
    piece.label);
}

/** Whether an option stands on a line of its own. */
function alone(pieces, index) {
  const before = pieces[index - 1];
  const after = pieces[index + 1];
  const starts = !before || before.type === "tap" || (before.type === "words" && before.text.endsWith("\n"));
  const ends = !after || after.type === "tap" || (after.type === "words" && after.text.startsWith("\n"));
  return pieces[index].number !== "" || (starts && ends);
}

function content(message, onTap) {
  const { pieces } = message;
  const blocks = pieces.map((piece, index) => piece.type === "tap" && alone(pieces, index));
  return pieces.map((piece, index) => {
    if (piece.type === "tap") {
      return option(piece, blocks[index], onTap);
    }
    if (piece.type === "link") {
      return link(piece);
    }
    let { text } = piece;
    if (blocks[index - 1]) {
      text = text.replace(/^\s+/, "");
    }
    if (blocks[index + 1]) {
      text = text.replace(/\s+$/, "");
    }
    return text ? make("span", { class: "words" }, text) : null;
  });
}

function bubble(message, person, onTap) {
  const own = message.side === "user";
  const children = content(message, onTap);
  if (message.kind in KINDS) {
    children.unshift(make("span", { class: "kind" }, KINDS[message.kind]));
  }
  const picture = own && message.kind === "image";
  const inside = picture
    ? [make("img", { src: "/static/sample.svg", alt: "图片", width: 160, height: 110 })]
    : children;
  const avatar = own
    ? make("span", { class: "avatar", "aria-hidden": "true" }, person.name.slice(-1))
    : make("img", { class: "avatar", src: "/static/account.svg", alt: "", width: 40, height: 40 });
  const who = make("span", { class: "hidden" }, own ? "我说：" : `${WORDS.account}说：`);
  const body = make("div", { class: "bubble" }, who, ...inside);
  const pushed = message.via === "api" ? make("span", { class: "pushed" }, WORDS.pushed) : null;
  const column = make("div", { class: "column" }, body, pushed);
  return make("div", { class: `message ${own ? "own" : "theirs"}` }, avatar, column);
}

function notice(message) {
  const text = message.pieces.map((piece) => piece.text ?? piece.label).join("");
  return make("p", { class: message.kind === "fault" ? "notice fault" : "notice" }, text);
}

function toEnd(element) {
  if (element && element.offsetHeight > log.clientHeight - 24) {
    log.scrollTop = element.offsetTop - log.offsetTop - 12;
  } else {
    log.scrollTop = log.scrollHeight;
  }
}

export function append(message, person, onTap) {
  if (message.at - lastAt > QUIET_SECONDS) {
    log.insertBefore(make("p", { class: "time" }, clock(message.at)), waiting);
  }
  lastAt = message.at;
  const element = message.side === "system" ? notice(message) : bubble(message, person, onTap);
  log.insertBefore(element, waiting);
  toEnd(waiting ?? element);
}

export function rebuild(messages, person, onTap) {
  waiting = null;
  lastAt = 0;
  log.replaceChildren();
  for (const message of messages) {
    append(message, person, onTap);
  }
}

/** Show or hide the three dots. */
export function setWaiting(shown) {
  if (shown && !waiting) {
    const dots = make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
    waiting = make(
      "div",
      { class: "message theirs waiting" },
      make("img", { class: "avatar", src: "/static/account.svg", alt: "", width: 40, height: 40 }),
      make("div", { class: "bubble" }, make("span", { class: "hidden" }, "正在等答复"), dots),
    );
    log.append(waiting);
    toEnd(waiting);
  } else if (!shown && waiting) {
    waiting.remove();
    waiting = null;
  }
}
