// Says that somebody is waiting: the title always; one sound and a notification where they were switched on.
import { $, openId } from "./dom.js";

const QUIET = 10000;
let lastSound = 0;
let on = localStorage.getItem("desk-alerts") === "1";
const title = document.title;

function beep() {
  const now = Date.now();
  if (now - lastSound < QUIET) return;
  lastSound = now;
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 740;
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.35);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.36);
  tone.onended = () => audio.close();
}

export function showTitle() {
  const waiting = Number($("#list")?.dataset.waiting) || 0;
  document.title = waiting ? `(${waiting}) ${title}` : title;
}

export function alertFor(changes) {
  showTitle();
  const waits = changes.some(([, what]) => what === "waiting");
  const heard = changes.some(([id, what]) => what === "heard" && (id !== openId() || document.hidden));
  if (!on || !(waits || heard)) return;
  beep();
  if (document.hidden && "Notification" in window && Notification.permission === "granted") {
    new Notification("人工服务台", { body: waits ? "有申请人在等待" : "您的申请人发来新消息", tag: "desk" });
  }
}

function showButton() {
  const button = $("#alerts");
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "提醒：开" : "提醒：关";
}

export function start() {
  showTitle();
  showButton();
  $("#alerts").addEventListener("click", async () => {
    on = !on;
    localStorage.setItem("desk-alerts", on ? "1" : "0");
    showButton();
    if (on && "Notification" in window && Notification.permission === "default") {
      await Notification.requestPermission();
    }
    if (on) beep();
  });
}
