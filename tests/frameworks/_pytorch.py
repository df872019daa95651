"""What PyTorch does, asked as the others are."""

import numpy as np
import torch

from tests.frameworks._probe import (
    BATCH,
    BETA,
    BN_EPSILON,
    BN_MOMENTUM,
    DECAY,
    DROPOUT,
    EPSILON,
    GRADIENTS,
    LAMBD,
    N_IN,
    N_OUT,
    ONES,
    RATE,
    RATES,
    SERIES,
    START,
    WEIGHT,
    default,
    draws,
    dropped,
    long_gradients,
)

optim, init = torch.optim, torch.nn.init


def tensor(value):
    return torch.tensor([float(value)], dtype=torch.float64, requires_grad=True)


def path(make, rates, start=0.0, **options):
    w, found = tensor(start), []
    optimizer = make([w], lr=rates[0], **options)
    for rate, gradient in zip(rates, GRADIENTS, strict=False):
        optimizer.param_groups[0]["lr"] = rate
        w.grad = torch.tensor([gradient], dtype=torch.float64)
        optimizer.step()
        found.append(w.item())
    return found


def falling(make) -> list[float]:
    """The rates of a schedule: at the start, after an update, and after each of two calls of its own `step()`."""
    optimizer = optim.SGD([tensor(0)], lr=1.0)
    schedule, found = make(optimizer), []
    for move in (lambda: None, optimizer.step, schedule.step, schedule.step):
        move()
        found.append(optimizer.param_groups[0]["lr"])
    return found


def average():
    model = torch.nn.Linear(1, 1, bias=False, dtype=torch.float64)
    averaged, found = optim.swa_utils.AveragedModel(model, multi_avg_fn=optim.swa_utils.get_ema_multi_avg_fn(BETA)), []
    for value in SERIES:
        torch.nn.init.constant_(model.weight, value)
        averaged.update_parameters(model)
        found.append(averaged.module.weight.item())
    return found


def observe() -> dict:
    torch.manual_seed(0)
    norm = torch.nn.BatchNorm1d(1, eps=BN_EPSILON, momentum=BN_MOMENTUM, dtype=torch.float64)
    start = [norm.running_mean.item(), norm.running_var.item()]
    forward = norm(torch.tensor(BATCH, dtype=torch.float64)[:, None]).ravel().tolist()
    try:
        one = torch.nn.BatchNorm1d(1)(torch.tensor([[7.0]])).item()
    except ValueError:
        one = "refused"
    linear, weight = torch.nn.Linear(N_IN, N_OUT), torch.empty(N_OUT, N_IN)
    many = torch.nn.Linear(N_IN, ONES).bias
    bias = tensor(WEIGHT)
    decayed = optim.AdamW([bias], lr=RATE, weight_decay=DECAY)
    bias.grad = torch.zeros_like(bias)
    decayed.step()
    W = tensor(WEIGHT)
    optimizer = optim.SGD([W], lr=1.0, weight_decay=LAMBD)
    W.grad = torch.zeros_like(W)
    optimizer.step()
    drop, ones = torch.nn.Dropout(DROPOUT), torch.ones(ONES)
    out = drop(ones)
    return {
        "momentum path": path(optim.SGD, RATES, momentum=BETA),
        "momentum factor": path(optim.SGD, [1.0] * 6, momentum=BETA, dampening=BETA),
        "momentum beta": default(optim.SGD, "momentum"),
        "rmsprop path": path(optim.RMSprop, RATES, alpha=BETA, eps=EPSILON),
        "rmsprop defaults": [default(optim.RMSprop, name) for name in ("lr", "alpha", "eps")],
        "adam path": path(optim.Adam, RATES, betas=(0.7, BETA), eps=EPSILON),
        "adam defaults": [default(optim.Adam, "lr"), *default(optim.Adam, "betas"), default(optim.Adam, "eps")],
        "decay in sgd": path(optim.SGD, RATES, WEIGHT, momentum=BETA, weight_decay=DECAY),
        "decay in adam": path(optim.Adam, [RATE], WEIGHT, eps=0.0, weight_decay=DECAY)[0],
        "adamw": path(optim.AdamW, [RATE], WEIGHT, eps=0.0, weight_decay=DECAY)[0],
        "adamw default": default(optim.AdamW, "weight_decay"),
        "bias": bias.item(),
        "l2": WEIGHT - W.item(),
        "bn forward": forward,
        "bn running": [norm.running_mean.item(), norm.running_var.item()],
        "bn start": start,
        "bn defaults": [default(torch.nn.BatchNorm1d, name) for name in ("momentum", "eps")],
        "bn one": one,
        "dropout": dropped(out),
        "dropout off": torch.equal(drop.eval()(ones), ones),
        "he": draws(init.kaiming_normal_(weight)),
        "glorot": draws(init.xavier_normal_(weight)),
        "lecun": draws(init.kaiming_normal_(weight, nonlinearity="linear")),
        "weights": list(linear.weight.shape),
        "dense": draws(linear.weight.detach()),
        "dense bias": draws(many.detach())["variance"],
        "schedule counts": falling(lambda optimizer: optim.lr_scheduler.ExponentialLR(optimizer, 0.5)),
        "schedule boundary": falling(lambda optimizer: optim.lr_scheduler.MultiStepLR(optimizer, [1], 0.5))[1:],
        "schedule base": default(optim.lr_scheduler.ExponentialLR, "gamma"),
        "average": average(),
    }


def through(optimizer_of, dtype) -> np.ndarray:
    """The path of a parameter through the long gradients."""
    w, found = torch.tensor(START.astype(dtype), requires_grad=True), []
    optimizer = optimizer_of([w])
    for gradient in long_gradients():
        w.grad = torch.tensor(gradient.astype(dtype))
        optimizer.step()
        found.append(w.detach().numpy().copy())
    return np.array(found)
