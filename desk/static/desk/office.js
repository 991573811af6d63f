// The log and the monthly report.
import { $, start } from "./page.js";

start();
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "turn") $("#chosen")?.scrollIntoView({ block: "nearest" });
});
