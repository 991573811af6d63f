// Wires the page: who is holding the phone, what they do, what comes back.

import { dress, WORDS } from "./channel.js";
import { append, rebuild, setWaiting } from "./chat.js";
import { follow, get, post, Refused } from "./client.js";
import { byId, make } from "./dom.js";
import * as traffic from "./traffic.js";

const users = new Map();
const text = byId("text");
let current = "";
let menu = [];
let stop = () => {};
let typingTimer = 0;
let retry = 0;
let loading = false;

const person = () => users.get(current);

function fail(error) {
  if (!(error instanceof Refused)) {
    throw error;
  }
  byId("error").textContent = error.message;
  byId("error").hidden = false;
}

async function act(deed, body) {
  byId("error").hidden = true;
  try {
    await post(`/users/${current}/${deed}`, body);
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

const onTap = (piece) => act("tap", { menu_id: piece.menu_id, content: piece.content });

// People

function drawPeople() {
  const unread = (count) => make(
    "span", { class: "unread" }, String(count), make("span", { class: "hidden" }, "条新消息"),
  );
  const buttons = [...users.values()].map((user) => make(
    "button",
    {
      type: "button", class: "person", "data-user": user.id,
      "aria-pressed": String(user.id === current), onclick: () => choose(user.id),
    },
    make("span", { class: "avatar", "aria-hidden": "true" }, user.name.slice(-1)),
    make("span", { class: "name" }, user.name),
    make("span", { class: "following" }, user.following ? WORDS.inside : WORDS.outside),
    user.unread ? unread(user.unread) : null,
  ));
  const focused = document.activeElement?.dataset?.user;
  byId("people").replaceChildren(...buttons);
  buttons.find((button) => button.dataset.user === focused)?.focus();
}

function drawPhone() {
  const user = person();
  byId("card").hidden = user.following;
  byId("composer").hidden = !user.following;
  byId("unfollow").hidden = !user.following;
  byId("menu").hidden = !user.following || menu.length === 0;
  if (!user.following) {
    toggleTray(false);
  }
  clearTimeout(typingTimer);
  const typing = user.typingUntil - Date.now();
  if (typing > 0) {
    typingTimer = setTimeout(drawPhone, typing + 50);
  }
  setWaiting(user.waiting > 0 || typing > 0);
}

function choose(id) {
  if (person()) {
    person().draft = text.value;
  }
  current = id;
  const user = person();
  user.unread = 0;
  text.value = user.draft;
  fit();
  rebuild(user.messages, user, onTap);
  byId("error").hidden = true;
  drawPeople();
  drawPhone();
  traffic.filter(current, byId("everyone").checked);
}

function takeUser(view) {
  const known = users.get(view.id);
  const kept = known ?? { messages: [], unread: 0, draft: "" };
  users.set(view.id, { ...kept, ...view, typingUntil: Date.now() + view.typing * 1000 });
  drawPeople();
  if (view.id === current) {
    drawPhone();
  }
}

function takeMessage(message) {
  const user = users.get(message.user);
  user.messages.push(message);
  if (message.user === current) {
    append(message, user, onTap);
  } else if (message.side !== "user") {
    user.unread += 1;
    drawPeople();
  }
}

function changeMessage(message) {
  const user = users.get(message.user);
  user.messages = user.messages.map((known) => (known.id === message.id ? message : known));
  if (message.user === current) {
    rebuild(user.messages, user, onTap);
    drawPhone();
  }
}

// The account's menu

function press(button) {
  closeMenus();
  return button.type === "view"
    ? act("event", { event: "VIEW", key: button.url })
    : act("event", { event: "CLICK", key: button.key });
}

function closeMenus() {
  for (const details of byId("menu").querySelectorAll("details")) {
    details.open = false;
  }
}

function drawMenu(buttons) {
  menu = buttons;
  const one = (item) => make("button", { type: "button", onclick: () => press(item) }, item.name);
  const items = menu.map((button) => {
    if (!button.sub_button?.length) {
      return one(button);
    }
    const below = button.sub_button.map(one);
    return make("details", {}, make("summary", {}, button.name), make("div", { class: "below" }, ...below));
  });
  byId("menu").replaceChildren(...items);
}

function wireMenu() {
  // One thing open at a time: a click elsewhere closes the list, and an open list the tray.
  document.addEventListener("click", (event) => {
    const own = event.target.closest("#menu details");
    for (const details of byId("menu").querySelectorAll("details")) {
      details.open &&= details === own;
    }
    if (own) {
      toggleTray(false);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeMenus();
      toggleTray(false);
    }
  });
}

// Composer

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight + 2, 132)}px`;
}

async function send() {
  const content = text.value;
  if (content.trim() === "") {
    return;
  }
  const user = current;
  text.value = "";
  fit();
  if (!(await act("text", { content })) && current === user && text.value === "") {
    text.value = content;
    fit();
  }
}

function toggleTray(open) {
  byId("tray").hidden = !open;
  byId("more").setAttribute("aria-expanded", String(open));
}

const SENDS = {
  voice: () => byId("voice").showModal(),
  image: () => act("image"),
  location: () => act("location", { label: "政务服务中心" }),
  link: () => act("link", { title: "申报通知", url: "https://example.org/notice" }),
  scan: () => act("event", { event: "SCAN", key: "1" }),
  // One of WeCom's own agents, who takes the session over in WeCom.
  take: () => act("take"),
  say: () => act("say", { content: "您好，我是接待人员，我来回答您。" }),
  end: () => act("end"),
};

function wireComposer() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  text.addEventListener("input", fit);
  text.addEventListener("keydown", (event) => {
    // While an input method composes, Enter chooses a word. 229: some report it so instead.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      send();
    }
  });
  byId("more").addEventListener("click", () => toggleTray(byId("tray").hidden));
  byId("tray").addEventListener("click", (event) => {
    const kind = event.target.dataset.send;
    if (kind) {
      toggleTray(false);
      SENDS[kind]();
    }
  });
  byId("voice-cancel").addEventListener("click", () => byId("voice").close());
  byId("voice-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act("voice", { recognition: byId("spoken").value.trim() || null });
    byId("spoken").value = "";
    byId("voice").close();
  });
}

// Tools

async function check() {
  const result = byId("check-result");
  result.textContent = "正在验证…";
  try {
    const answer = await post("/check");
    result.textContent = answer.ok ? "回调地址验证通过" : `验证没有通过：${answer.reason}`;
    result.className = answer.ok ? "good" : "bad";
  } catch (error) {
    result.textContent = "";
    fail(error);
  }
}

async function addUser() {
  try {
    const user = await post("/users");
    takeUser(user);
    choose(user.id);
  } catch (error) {
    fail(error);
  }
}

function wireTools() {
  byId("follow").addEventListener("click", () => act("event", { event: "subscribe" }));
  byId("unfollow").addEventListener("click", () => act("event", { event: "unsubscribe" }));
  byId("add-user").addEventListener("click", addUser);
  byId("reset").addEventListener("click", () => post("/reset").catch(fail));
  byId("check").addEventListener("click", check);
  byId("everyone").addEventListener("change", () => traffic.filter(current, byId("everyone").checked));
  const showTraffic = (shown) => document.body.classList.toggle("with-traffic", shown);
  byId("open-traffic").addEventListener("click", () => {
    showTraffic(true);
    byId("close-traffic").focus();
  });
  byId("close-traffic").addEventListener("click", () => {
    showTraffic(false);
    byId("open-traffic").focus();
  });
}

function setTrouble(words) {
  // While the gateway is away, ask now and then whether it has come back.
  clearInterval(retry);
  if (words) {
    retry = setInterval(() => post("/check").catch(() => {}), 3000);
  } else if (!byId("trouble").hidden) {
    check();
  }
  byId("trouble").hidden = words === "";
  byId("trouble").textContent = words && `${words}（${byId("gateway").textContent}）。请确认网关已经启动，再发一次。`;
}

// Start

async function load() {
  if (loading) {
    return;
  }
  loading = true;
  stop();
  try {
    await show(await get("/state"));
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    byId("offline").hidden = false;
    setTimeout(load, 2000);
  } finally {
    loading = false;
  }
}

async function show(state) {
  byId("offline").hidden = true;
  byId("gateway").textContent = state.gateway;
  const drafts = new Map([...users].map(([id, user]) => [id, user.draft]));
  users.clear();
  for (const user of state.users) {
    users.set(user.id, {
      ...user, unread: 0, draft: drafts.get(user.id) ?? "", typingUntil: Date.now() + user.typing * 1000,
    });
  }
  drawMenu(state.menu);
  setTrouble(state.trouble);
  traffic.clear();
  choose(users.has(current) ? current : state.users[0].id);
  listen(state.cursor);
  for (const record of await get("/records")) {
    takeRecord(record);
  }
}

function takeRecord(record) {
  traffic.add(record, users);
  traffic.filter(current, byId("everyone").checked);
}

function listen(cursor) {
  stop = follow(cursor, {
    events: {
      message: takeMessage,
      changed: changeMessage,
      user: takeUser,
      record: takeRecord,
      menu: ({ buttons }) => {
        drawMenu(buttons);
        drawPhone();
      },
      trouble: ({ text: words }) => setTrouble(words),
      reload: load,
    },
    connected: (up) => {
      byId("offline").hidden = up;
    },
    restart: load,
  });
}

dress();
wireComposer();
wireMenu();
wireTools();
load().then(check);
