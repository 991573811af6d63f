// Bars of the numbers page; the same numbers stand in the tables.
const minutes = (label, values) => ({
  label,
  data: values,
  type: "line",
  yAxisID: "minutes",
  borderColor: "#8a4b00",
  backgroundColor: "#8a4b00",
  borderWidth: 2,
  pointRadius: 3,
  spanGaps: true,
});

drawCharts((name, one) => {
  const scales = { y: COUNT_AXIS, x: NAME_AXIS };
  if (name === "scores") return { datasets: [bar("次数", one.opened, "#1d5fa8")], options: { scales } };
  const datasets = [bar("转人工", one.opened, "#1d5fa8"), bar("超时", one.timed_out, "#c46a1b")];
  if (name === "days" || name === "agents") {
    datasets.push(minutes("首次回复（分钟，右轴）", one.first));
    scales.minutes = { ...COUNT_AXIS, position: "right", grid: { display: false } };
  }
  return { datasets, options: { scales } };
});
