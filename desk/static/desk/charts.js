// Bars of the numbers page; the same numbers stand in the tables.
document.addEventListener("DOMContentLoaded", () => {
  const data = JSON.parse(document.getElementById("charts").textContent);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = "#43525f";
  Chart.defaults.animation = false;
  const bar = (label, values, color) => ({ label, data: values, backgroundColor: color, borderRadius: 4, maxBarThickness: 34 });
  const line = (label, values) => ({ label, data: values, type: "line", yAxisID: "minutes", borderColor: "#8a4b00", backgroundColor: "#8a4b00", borderWidth: 2, pointRadius: 3, spanGaps: true });
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
    const name = canvas.dataset.chart;
    const one = data[name];
    const sets = [bar(name === "scores" ? "次数" : "转人工", one.opened, "#1d5fa8")];
    if (name !== "scores") sets.push(bar("超时", one.timed_out, "#c46a1b"));
    if (name === "days" || name === "agents") sets.push(line("首次回复（分钟，右轴）", one.first));
    const scales = { y: { beginAtZero: true, ticks: { precision: 0 }, grid: { color: "#e8edf2" } }, x: { grid: { display: false } } };
    if (sets.length === 3) scales.minutes = { position: "right", beginAtZero: true, grid: { display: false }, ticks: { precision: 0 } };
    new Chart(canvas, { type: "bar", data: { labels: one.labels, datasets: sets }, options: { maintainAspectRatio: false, plugins: { legend: { display: sets.length > 1, position: "bottom", labels: { boxWidth: 14 } } }, scales } });
  }
});
