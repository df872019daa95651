// Lines of equal height, as pieces across the cells of a grid over the plot: grid[j][i] is the height at column i and row j.

export function lines(grid, plot, levels) {
  const at = ([low, high], share) => low + (high - low) * share, high = grid.length - 1, wide = grid[0].length - 1;
  let d = "";
  for (const level of levels)
    for (let j = 0; j < high; j += 1)
      for (let i = 0; i < wide; i += 1) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]], crossed = [];
        corners.forEach(([a, b], c) => {
          const [e, f] = corners[(c + 1) % 4], one = grid[b][a] - level, other = grid[f][e] - level;
          if (one < 0 === other < 0) return;
          const share = one / (one - other);
          crossed.push(`${plot.X(at(plot.x, (a + share * (e - a)) / wide))} ${plot.Y(at(plot.y, (b + share * (f - b)) / high))}`);
        });
        for (let c = 0; c + 1 < crossed.length; c += 2) d += `M${crossed[c]}L${crossed[c + 1]}`;
      }
  return d;
}

// Of a function, at the levels given, or so that each holds an equal share of the picture.
export function contours(height, plot, levels, n = 64) {
  const at = ([low, high], i) => low + (high - low) * i / n;
  const grid = Array.from({ length: n + 1 }, (_, j) => Array.from({ length: n + 1 }, (_, i) => height([at(plot.x, i), at(plot.y, j)])));
  const sorted = levels ? [] : grid.flat().sort((a, b) => a - b);
  return lines(grid, plot, levels ?? [1, 2, 3, 4, 5, 6, 7, 8, 9].map(k => sorted[Math.round(k * sorted.length / 10)]));
}
