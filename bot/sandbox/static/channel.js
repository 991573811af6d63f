// Which channel the page shows, and what its things are called there.

import { byId } from "./dom.js";

const CHANNELS = {
  wechat: {
    account: "公众号", pushed: "客服消息", enter: "关注公众号", leave: "取消关注", inside: "已关注", outside: "未关注",
    words: "关注以后，可以问申报条件，也可以一步步自查能不能申报。",
    note: "演示，不是真正的微信", tray: ["voice", "image", "location", "link", "scan"],
  },
  wecom: {
    account: "应用", pushed: "应用消息", enter: "打开应用", leave: "离开应用", inside: "已打开", outside: "未打开",
    words: "同事在企业微信里打开应用，就能提问和自查。",
    note: "企业微信应用 · 演示", tray: ["voice", "image", "location", "link"],
  },
  kf: {
    account: "客服", pushed: "客服消息", enter: "进入客服会话", leave: "离开会话", inside: "已进入", outside: "未进入",
    words: "从网页、视频号或二维码点进来的客户，在这里和客服说话。",
    note: "微信客服 · 演示", tray: ["voice", "image", "location", "link", "take", "say", "end"],
  },
};

const asked = new URLSearchParams(location.search).get("channel");
export const CHANNEL = Object.hasOwn(CHANNELS, asked ?? "") ? asked : "wechat";
export const WORDS = CHANNELS[CHANNEL];

/** Put the channel's words on the page. */
export function dress() {
  for (const link of document.querySelectorAll("[data-channel]")) {
    if (link.dataset.channel === CHANNEL) {
      link.setAttribute("aria-current", "page");
    }
  }
  for (const button of document.querySelectorAll("[data-send]")) {
    button.hidden = !WORDS.tray.includes(button.dataset.send);
  }
  byId("follow").textContent = WORDS.enter;
  byId("unfollow").textContent = WORDS.leave;
  byId("card-words").textContent = WORDS.words;
  byId("channel-note").textContent = WORDS.note;
}
