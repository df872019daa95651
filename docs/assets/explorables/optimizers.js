// The twins of gradient_descent, momentum, rmsprop and adam in snippets/, on a plain array of weights, and of the race in
// snippets/experiments/adam.py. tests/site/test_explorables.py runs both on the same random numbers.

const zeros = w => w.map(() => 0);
const averaged = (beta, old, values) => values.map((value, i) => beta * old[i] + (1 - beta) * value);

export const gradient_descent = {
  init: () => ({}),
  update: (w, dw, state, learning_rate) => [w.map((w_i, i) => w_i - learning_rate * dw[i]), state],
};

export const momentum = {
  init: w => ({ v: zeros(w) }),
  update(w, dw, state, learning_rate = 0.01, beta = 0.9) {
    const v = averaged(beta, state.v, dw);
    return [w.map((w_i, i) => w_i - learning_rate * v[i]), { v }];
  },
};

export const rmsprop = {
  init: w => ({ s: zeros(w) }),
  update(w, dw, state, learning_rate = 0.001, beta = 0.9, epsilon = 1e-8) {
    const s = averaged(beta, state.s, dw.map(g => g * g));
    return [w.map((w_i, i) => w_i - learning_rate * dw[i] / (Math.sqrt(s[i]) + epsilon)), { s }];
  },
};

export const adam = {
  init: w => ({ v: zeros(w), s: zeros(w), t: 0 }),
  update(w, dw, state, learning_rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8) {
    const t = state.t + 1;
    const v = averaged(beta1, state.v, dw);
    const s = averaged(beta2, state.s, dw.map(g => g * g));
    const v_hat = v.map(average => average / (1 - beta1 ** t));
    const s_hat = s.map(average => average / (1 - beta2 ** t));
    return [w.map((w_i, i) => w_i - learning_rate * v_hat[i] / (Math.sqrt(s_hat[i]) + epsilon)), { v, s, t }];
  },
};

// The points of a run, and the surface's values at them.
export function race(optimizer, surface, w, steps, learning_rate, ...constants) {
  const path = [w], values = [surface(w)[0]];
  let state = optimizer.init(w);
  for (let t = 0; t < steps; t += 1) {
    [w, state] = optimizer.update(w, surface(w)[1], state, learning_rate, ...constants);
    path.push(w);
    values.push(surface(w)[0]);
  }
  return { path, values };
}

// The first step from which on the value stays at or below the target, or the number of steps plus one.
export function steps_to(values, target) {
  let first = values.length;
  while (first > 0 && values[first - 1] <= target) first -= 1;
  return first;
}
