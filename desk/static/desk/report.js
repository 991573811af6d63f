// Charts of the report; the same numbers stand in the tables.
drawCharts((name, one) => {
  if (name === "topics") {
    const datasets = [bar("本期", one.turns, "#1d5fa8"), bar("上期", one.before, "#bfd6ef")];
    return {
      datasets,
      options: { indexAxis: "y", scales: { x: COUNT_AXIS, y: { ...NAME_AXIS, ticks: { autoSkip: false } } } },
    };
  }
  const datasets = [
    bar("问答", one.turns, "#1d5fa8"),
    bar("答上", one.answered, "#5f95d0"),
    bar("没答上", one.unanswered, "#c46a1b"),
  ];
  return { datasets, options: { scales: { x: NAME_AXIS, y: COUNT_AXIS } } };
});
