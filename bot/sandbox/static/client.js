// Talks to the sandbox's JSON API and follows its events.

import { CHANNEL } from "./channel.js";

const BASE = CHANNEL === "wechat" ? "/sandbox/api" : `/sandbox/api/${CHANNEL}`;

export class Refused extends Error {}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused("连不上演示服务器，没有发出去。");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refused(answer.error ?? `演示服务器出错了（${response.status}）。`);
  }
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);

/** Follow events behind `cursor`. The browser reconnects by itself and says where it was. */
export function follow(cursor, handlers) {
  const source = new EventSource(`${BASE}/stream?after=${encodeURIComponent(cursor)}`);
  for (const [kind, handle] of Object.entries(handlers.events)) {
    source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener("open", () => handlers.connected(true));
  source.addEventListener("error", () => {
    handlers.connected(false);
    // A refused stream isn't tried again by the browser: the page has to start afresh.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(handlers.restart, 2000);
    }
  });
  return () => source.close();
}
