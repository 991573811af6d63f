// What the charts of the numbers page and of the report share. Each canvas names its data in data-chart.
const COUNT_AXIS = { beginAtZero: true, ticks: { precision: 0 }, grid: { color: "#e8edf2" } };
const NAME_AXIS = { grid: { display: false } };

const bar = (label, values, color) => ({
  label,
  data: values,
  backgroundColor: color,
  borderRadius: 4,
  maxBarThickness: 34,
});

// describe(name, one): the datasets and options of the chart `name` with the data `one`.
const drawCharts = (describe) =>
  document.addEventListener("DOMContentLoaded", () => {
    const data = JSON.parse(document.getElementById("charts").textContent);
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.color = "#43525f";
    Chart.defaults.animation = false;
    for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
      const one = data[canvas.dataset.chart];
      const { datasets, options } = describe(canvas.dataset.chart, one);
      const legend = { display: datasets.length > 1, position: "bottom", labels: { boxWidth: 14 } };
      new Chart(canvas, {
        type: "bar",
        data: { labels: one.labels, datasets },
        options: { maintainAspectRatio: false, plugins: { legend }, ...options },
      });
    }
  });
