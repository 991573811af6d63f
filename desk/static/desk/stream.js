// Server-sent events, resumed by the last id; polling when they don't come; a plain word when nothing does.
import { $, background, consoleBox, openId } from "./dom.js";
import { refreshContext, refreshPane, refreshQueue } from "./live.js";
import { alertFor } from "./alerts.js";

let last = Number(consoleBox.dataset.last) || 0;
let source = null;
let polling = 0;
let queueTimer = 0;
let contextTimer = 0;
let opened = false;
let reconnecting = 0;

function show(state, text) {
  const link = $("#link");
  link.className = `link is-${state}`;
  if (link.textContent !== text) link.textContent = text;
}

function heard(changes) {
  clearTimeout(queueTimer);
  const fresh = () => refreshQueue().then(() => alertFor(changes));
  queueTimer = setTimeout(() => fresh().catch(() => {}), 120);
  if (changes.some(([id]) => id === openId())) {
    refreshPane();
    clearTimeout(contextTimer);
    contextTimer = setTimeout(() => refreshContext().catch(() => {}), 400);
  }
}

function everything() {
  refreshQueue().catch(() => {});
  refreshPane();
}

function told(event) {
  last = Math.max(last, Number(event.lastEventId) || 0);
  heard(JSON.parse(event.data));
}

function connect() {
  clearTimeout(reconnecting);
  source?.close();
  source = new EventSource(`/stream/?after=${last}`);
  source.onopen = () => {
    stopPolling();
    show("on", "已连接");
    if (opened) everything(); // what was told while nothing could be fetched
    opened = true;
  };
  source.addEventListener("change", told);
  source.addEventListener("reset", (event) => {
    last = Number(event.lastEventId);
    everything();
  });
  source.addEventListener("bye", () => location.reload());
  source.onerror = () => {
    source.close();
    startPolling();
    clearTimeout(reconnecting);
    reconnecting = setTimeout(connect, 3000);
  };
}

async function poll() {
  try {
    const found = await (await background(`/changes/?after=${last}`)).json();
    show("poll", "实时推送中断，每 3 秒查一次");
    last = found.last;
    if (found.changes.length) heard(found.changes);
  } catch {
    show("off", "连接已断开，正在重连");
  }
}

function startPolling() {
  if (polling) return;
  poll();
  polling = setInterval(poll, 3000);
}

function stopPolling() {
  clearInterval(polling);
  polling = 0;
}

export function start() {
  connect();
  addEventListener("offline", () => show("off", "连接已断开，正在重连"));
  addEventListener("online", connect);
  addEventListener("pagehide", () => source?.close());
}
