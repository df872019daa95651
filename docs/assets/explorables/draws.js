// Draws from a seed: uniform ones by the generator mulberry32, standard normal ones by Box and Muller's transform. Not NumPy's draws, and no worse.

export function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function uniforms(seed, count) {
  return Array.from({ length: count }, uniform(seed));
}

export function normals(seed, count) {
  const next = uniform(seed);
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}
