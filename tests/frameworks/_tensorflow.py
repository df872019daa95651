"""What Keras and TensorFlow 1 do, asked as the others are; a process of its own, since both keep settings for all that runs in one.

    python -m tests.frameworks._tensorflow

prints JSON: for each of the two what was observed, and the paths that `snippets/frameworks/keras` takes.
"""

import doctest
import json
import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow")

import keras
import numpy as np
import tensorflow as tf

from snippets.frameworks.keras import (
    adam,
    batch_norm,
    gradient_checking,
    initialization,
    learning_rate_decay,
    momentum,
    regularization,
    rmsprop,
)
from tests.frameworks._probe import (
    ADAM,
    BATCH,
    BETA,
    BN_EPSILON,
    BN_MEMORY,
    BN_MOMENTUM,
    BN_SMALL,
    BY_STEP,
    COUNTED,
    DECAY,
    DROPOUT,
    EPSILON,
    GAMMA,
    GRADIENTS,
    KEEP,
    LAMBD,
    MOMENTUM,
    N_IN,
    N_OUT,
    ONES,
    PARAMS,
    RATE,
    RATES,
    RMSPROP,
    SERIES,
    SHIFT,
    SHRINK,
    START,
    STEP,
    WEIGHT,
    M,
    X,
    Y,
    Z,
    default,
    descend,
    draws,
    dropped,
    long_gradients,
    squares,
    takes,
)

v1, optimizers, schedules = tf.compat.v1, keras.optimizers, keras.optimizers.schedules


# Keras


def path(make, rates, start=0.0, **options):
    w, found = keras.Variable(start, dtype="float64"), []
    optimizer = make(learning_rate=rates[0], **options)
    for rate, gradient in zip(rates, GRADIENTS, strict=False):
        optimizer.learning_rate = rate
        optimizer.apply([tf.constant(gradient, "float64")], [w])
        found.append(float(w.numpy()))
    return found


def falling(make) -> list[float]:
    """The rates of a schedule at the start and after an update."""
    optimizer, w = optimizers.SGD(make), keras.Variable(0.0)
    found = [float(optimizer.learning_rate)]
    optimizer.apply([tf.zeros_like(w.value)], [w])
    return [*found, float(optimizer.learning_rate)]


def observe_keras() -> dict:
    ones, weight = np.ones(ONES), tf.Variable(WEIGHT, dtype="float64")
    norm = keras.layers.BatchNormalization(momentum=BN_MOMENTUM, epsilon=BN_EPSILON)
    norm.build((None, 1))
    start = [norm.moving_mean.numpy().item(), norm.moving_variance.numpy().item()]
    forward = norm(np.array(BATCH)[:, None], training=True).numpy().ravel().tolist()
    single = keras.layers.BatchNormalization(beta_initializer=keras.initializers.Constant(3.0))
    with tf.GradientTape() as tape:
        penalty = keras.regularizers.L2(LAMBD)(weight)
    dense = keras.layers.Dense(N_OUT)
    dense.build((None, N_IN))
    bias, decayed = keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(WEIGHT)), optimizers.AdamW(RATE, DECAY)
    bias.build((None, 1))
    decayed.apply([tf.zeros_like(bias.bias)], [bias.bias])
    drop, shape = keras.layers.Dropout(DROPOUT, seed=0), (N_IN, N_OUT)
    given = {"rmsprop": ("learning_rate", "rho", "epsilon"), "adam": ("learning_rate", "beta_1", "beta_2", "epsilon")}
    return {
        "momentum path": path(optimizers.SGD, RATES, momentum=BETA),
        "momentum factor": "has one" if takes(optimizers.SGD, "dampening") else None,
        "momentum beta": default(optimizers.SGD, "momentum"),
        "rmsprop path": path(optimizers.RMSprop, RATES, rho=BETA, epsilon=EPSILON),
        "rmsprop defaults": [default(optimizers.RMSprop, name) for name in given["rmsprop"]],
        "adam path": path(optimizers.Adam, RATES, beta_1=0.7, beta_2=BETA, epsilon=EPSILON),
        "adam defaults": [default(optimizers.Adam, name) for name in given["adam"]],
        "decay in sgd": path(optimizers.SGD, RATES, WEIGHT, momentum=BETA, weight_decay=DECAY),
        "decay in adam": path(optimizers.Adam, [RATE], WEIGHT, epsilon=0.0, weight_decay=DECAY)[0],
        "adamw": path(optimizers.AdamW, [RATE], WEIGHT, epsilon=0.0, weight_decay=DECAY)[0],
        "adamw default": default(optimizers.AdamW, "weight_decay"),
        "bias": bias.bias.numpy().item(),
        "l2": tape.gradient(penalty, weight).numpy().item(),
        "bn forward": forward,
        "bn running": [norm.moving_mean.numpy().item(), norm.moving_variance.numpy().item()],
        "bn start": start,
        "bn defaults": [default(keras.layers.BatchNormalization, name) for name in ("momentum", "epsilon")],
        "bn one": single(np.array([[7.0]]), training=True).numpy().item(),
        "dropout": dropped(drop(ones, training=True).numpy()),
        "dropout off": bool((drop(ones, training=False).numpy() == 1).all()),
        "he": draws(keras.initializers.HeNormal(seed=0)(shape).numpy()),
        "glorot": draws(keras.initializers.GlorotNormal(seed=0)(shape).numpy()),
        "lecun": draws(keras.initializers.LecunNormal(seed=0)(shape).numpy()),
        "weights": list(dense.kernel.shape),
        "schedule counts": falling(schedules.ExponentialDecay(1.0, decay_steps=1, decay_rate=0.5)),
        "schedule boundary": [float(schedules.PiecewiseConstantDecay([2], [1.0, 0.5])(step)) for step in (1, 2, 3)],
        "schedule cosine": [float(schedules.CosineDecay(0.0, 6, warmup_target=1.0, warmup_steps=2)(step)) for step in range(10)],
        "schedule base": default(schedules.ExponentialDecay, "decay_rate"),
        "dense": draws(dense.kernel.numpy()),
        "dense bias": float(dense.bias.numpy().var()),
    }


# TensorFlow 1, in graphs of its own.


def session_path(make, rates, **options):
    with tf.Graph().as_default(), v1.Session() as session:
        rate, gradient = (v1.placeholder(tf.float64, []) for _ in range(2))
        w = v1.get_variable("w", initializer=np.float64(0.0))
        step = make(rate, **options).apply_gradients([(gradient, w)])
        session.run(v1.global_variables_initializer())
        found = []
        for r, g in zip(rates, GRADIENTS, strict=True):
            session.run(step, {rate: r, gradient: g})
            found.append(float(session.run(w)))
        return found


def session_average():
    with tf.Graph().as_default(), v1.Session() as session:
        w = v1.get_variable("w", initializer=np.float64(SERIES[0]))
        averages = v1.train.ExponentialMovingAverage(BETA)
        step, value = averages.apply([w]), v1.placeholder(tf.float64, [])
        assign, average = w.assign(value), averages.average(w)
        session.run(v1.global_variables_initializer())
        found = []
        for x in SERIES:
            session.run(assign, {value: x})
            session.run(step)
            found.append(float(session.run(average)))
        return found


def session(make):
    """What an expression gives, made in a graph with a fixed seed."""
    with tf.Graph().as_default(), v1.Session() as running:
        v1.set_random_seed(0)
        made = make()
        running.run(v1.global_variables_initializer())
        return running.run(made)


def observe_tensorflow_1() -> dict:
    train, shape = v1.train, (N_IN, N_OUT)
    return {
        "momentum path": session_path(train.MomentumOptimizer, RATES, momentum=BETA),
        "momentum factor": "has one" if takes(train.MomentumOptimizer, "dampening") else None,
        "momentum beta": default(train.MomentumOptimizer, "momentum"),
        "rmsprop path": session_path(train.RMSPropOptimizer, RATES, decay=BETA, epsilon=EPSILON),
        "rmsprop defaults": [default(train.RMSPropOptimizer, name) for name in ("learning_rate", "decay", "epsilon")],
        "adam path": session_path(train.AdamOptimizer, RATES, beta1=0.7, beta2=BETA, epsilon=EPSILON),
        "adam defaults": [default(train.AdamOptimizer, name) for name in ("learning_rate", "beta1", "beta2", "epsilon")],
        "dropout": dropped(session(lambda: v1.nn.dropout(tf.ones(ONES), DROPOUT))),
        "dropout off": bool((session(lambda: v1.nn.dropout(tf.ones(9), 1.0)) == 1).all()),
        "glorot": draws(session(lambda: v1.glorot_uniform_initializer(seed=1)(shape))),
        "dense": draws(session(lambda: v1.get_variable("W", shape))),
        "average": session_average(),
    }


# The steps of snippets/frameworks/keras, to be held against this note's.


def through(make, dtype, each=lambda optimizer, t: None, steps=100):
    """The path of a parameter through the long gradients; `each` is called before step t."""
    keras.config.set_floatx(dtype)
    w, found = keras.Variable(START, dtype=dtype), []
    optimizer = make()
    for t, gradient in enumerate(long_gradients(steps), 1):
        each(optimizer, t)
        optimizer.apply([tf.constant(gradient, dtype)], [w])
        found.append(w.numpy().tolist())
    keras.config.set_floatx("float64")
    return found


def epsilon_hat(optimizer, t):
    optimizer.epsilon = ADAM["epsilon"] * np.sqrt(1 - ADAM["beta2"] ** t)


def decay_run():
    """Adam with decay on weights and biases of the same gradients, with Keras's betas, and epsilon so small that it does not count."""
    W, b = keras.Variable(START, name="W"), keras.Variable(START, name="b")
    optimizer, found = regularization.adam_with_decay([b], STEP, SHRINK), []
    optimizer.beta_1, optimizer.beta_2 = ADAM["beta1"], ADAM["beta2"]
    for t, gradient in enumerate(long_gradients(), 1):
        epsilon_hat(optimizer, t)
        optimizer.apply([tf.constant(gradient), tf.constant(gradient)], [W, b])
        found.append([W.numpy().tolist(), b.numpy().tolist()])
    return found


def norm_run(dtype):
    keras.config.set_floatx(dtype)  # the layer takes it from there
    norm, found = batch_norm.layer(BN_MEMORY, BN_SMALL), []
    norm.build((None, 3))
    norm.gamma.assign(GAMMA)
    norm.beta.assign(SHIFT)
    for k in range(100):
        found.append(norm((Z + k % 7).T.astype(dtype), training=True).numpy().tolist())
    return {"forward": found, "mean": norm.moving_mean.numpy().tolist(), "var": norm.moving_variance.numpy().tolist()}


def autodiff(params):
    inputs, targets = (values.astype(params["W1"].dtype) for values in (X, Y))
    return gradient_checking.gradients(lambda p: squares(p, inputs, targets, keras.ops.tanh, keras.ops.mean), params)


def rates() -> dict:
    made = {name: getattr(learning_rate_decay, {"inverse_sqrt": "InverseSqrt"}.get(name, name))(**given) for name, given in BY_STEP.items()}
    return {name: [float(rate(tf.constant(step))) for step in range(COUNTED)] for name, rate in made.items()}


def mapped() -> dict:
    found = {}
    for dtype in ("float64", "float32"):
        found[f"momentum {dtype}"] = through(lambda: momentum.optimizer(**MOMENTUM), dtype)
        found[f"rmsprop {dtype}"] = through(lambda: rmsprop.optimizer(**RMSPROP), dtype)
        found[f"adam {dtype}"] = through(lambda: adam.optimizer(**ADAM), dtype, epsilon_hat)
        found[f"tape {dtype}"] = descend(autodiff, dtype).tolist()
    for dtype in ("float32", "float64"):  # which stays set, for what follows
        found[f"batch norm {dtype}"] = norm_run(dtype)
    W = tf.Variable(START)
    with tf.GradientTape() as tape:
        penalty = regularization.l2(LAMBD, M)(W)
    modules = (momentum, rmsprop, adam, batch_norm, initialization, regularization, gradient_checking, learning_rate_decay)
    return found | {
        "decay": decay_run(),
        "tape": {name: gradient.tolist() for name, gradient in autodiff(PARAMS).items()},
        "rates": rates(),
        "falling": through(lambda: optimizers.SGD(learning_rate_decay.exponential(**BY_STEP["exponential"])), "float64", steps=COUNTED),
        "l2": [float(penalty.numpy()), tape.gradient(penalty, W).numpy().tolist()],
        "dropout": regularization.dropout(KEEP)(np.tile(Z, 1000), training=True).numpy().tolist(),
        "initialization": {f.__name__: draws(f(1)((N_IN, N_OUT)).numpy()) for f in vars(initialization).values() if callable(f)},
        "doctests": {module.__name__: doctest.testmod(module).failed for module in modules},
    }


def main():
    keras.utils.set_random_seed(0)
    keras.config.set_floatx("float64")
    print(json.dumps({"Keras": observe_keras(), "TensorFlow 1": observe_tensorflow_1(), "mapped": mapped()}))


if __name__ == "__main__":
    main()
