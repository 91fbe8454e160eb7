/** Runs `count` calls, `width` of them at once. @returns seconds altogether and the sorted times of single calls in milliseconds */
export async function load(count, width, call) {
  const times = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: width }, async (_, lane) => {
      while (next < count) {
        const index = next++;
        const before = performance.now();
        await call(index, lane);
        times.push(performance.now() - before);
      }
    }),
  );
  return { seconds: (performance.now() - started) / 1000, times: times.sort((a, b) => a - b) };
}

export async function milliseconds(call) {
  const started = performance.now();
  await call();
  return performance.now() - started;
}

/** @param times sorted */
export function quantile(times, share) {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))];
}

/** The least-squares slope of y over x. */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, value]) => value));
  const across = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return across === 0 ? 0 : points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / across;
}
