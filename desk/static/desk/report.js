// Charts of the report; the same numbers stand in the tables.
document.addEventListener("DOMContentLoaded", () => {
  const data = JSON.parse(document.getElementById("charts").textContent);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = "#43525f";
  Chart.defaults.animation = false;
  const bar = (label, values, color) => ({ label, data: values, backgroundColor: color, borderRadius: 4, maxBarThickness: 34 });
  const sets = {
    days: (one) => [bar("问答", one.turns, "#1d5fa8"), bar("答上", one.answered, "#5f95d0"), bar("没答上", one.unanswered, "#c46a1b")],
    topics: (one) => [bar("本期", one.turns, "#1d5fa8"), bar("上期", one.before, "#bfd6ef")],
  };
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
    const one = data[canvas.dataset.chart];
    const lying = canvas.dataset.chart === "topics";
    const count = { beginAtZero: true, ticks: { precision: 0 }, grid: { color: "#e8edf2" } };
    const plain = { grid: { display: false }, ticks: { autoSkip: !lying } };
    new Chart(canvas, { type: "bar", data: { labels: one.labels, datasets: sets[canvas.dataset.chart](one) }, options: { indexAxis: lying ? "y" : "x", maintainAspectRatio: false, plugins: { legend: { position: "bottom", labels: { boxWidth: 14 } } }, scales: lying ? { x: count, y: plain } : { x: plain, y: count } } });
  }
});
