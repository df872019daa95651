"""Learning rates that fall, by PyTorch's schedulers.

A scheduler multiplies the learning rate that its optimizer was made with, our alpha0. It counts the calls of its `step()`,
whatever you call it for: call it at the end of each epoch, and it counts epochs.
"""

import math

import torch

LambdaLR = torch.optim.lr_scheduler.LambdaLR


def rates(schedule, n):
    """The first n rates that a scheduler gives its optimizer.

    >>> rates(inverse_time(torch.optim.SGD([torch.zeros(1)], lr=1.0), decay_rate=1.0), 3)
    [1.0, 0.5, 0.3333333333333333]
    """
    found = []
    for _ in range(n):
        found.append(schedule.get_last_lr()[0])
        schedule.optimizer.step()
        schedule.step()
    return found


def inverse_time(optimizer, decay_rate):
    """alpha0 / (1 + decay_rate * epoch): PyTorch has it by its formula only.

    >>> rates(inverse_time(torch.optim.SGD([torch.zeros(1)], lr=0.5), decay_rate=3.0), 2)
    [0.5, 0.125]
    """
    return LambdaLR(optimizer, lambda epoch: 1 / (1 + decay_rate * epoch))


def exponential(optimizer, base=0.95):
    """alpha0 * base^epoch; PyTorch calls the base gamma.

    >>> rates(exponential(torch.optim.SGD([torch.zeros(1)], lr=1.0), base=0.5), 3)
    [1.0, 0.5, 0.25]
    """
    return torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=base)


def inverse_sqrt(optimizer, k=1.0):
    """k / sqrt(t) * alpha0. PyTorch counts from 0, this t from 1.

    >>> rates(inverse_sqrt(torch.optim.SGD([torch.zeros(1)], lr=1.0)), 4)[::3]
    [1.0, 0.5]
    """
    return LambdaLR(optimizer, lambda count: k / math.sqrt(count + 1))


def staircase(optimizer, decay_rate, interval):
    """alpha0 / (1 + decay_rate * floor(epoch / interval)).

    StepLR is another one: each of its stairs is the last times gamma.

    >>> rates(staircase(torch.optim.SGD([torch.zeros(1)], lr=1.0), decay_rate=1.0, interval=2), 4)
    [1.0, 1.0, 0.5, 0.5]
    """

    def factor(epoch):
        return 1 / (1 + decay_rate * (epoch // interval))

    return LambdaLR(optimizer, factor)


def manual(optimizer, rates):
    """The rate written down, {first epoch: rate}; make the optimizer with lr=1.

    >>> rates(manual(torch.optim.SGD([torch.zeros(1)], lr=1.0), {0: 0.5, 2: 0.25}), 4)
    [0.5, 0.5, 0.25, 0.25]
    """

    def factor(epoch):
        return rates[max(start for start in rates if start <= epoch)]

    return LambdaLR(optimizer, factor)


def warmup_cosine(optimizer, warmup, total):
    """Up a line from 0 in `warmup` steps, then half a cosine to 0 at step `total`.

    Call `step()` after each update. PyTorch has the two as LinearLR, which cannot begin at 0, and CosineAnnealingLR.

    >>> rates(warmup_cosine(torch.optim.SGD([torch.zeros(1)], lr=1.0), warmup=2, total=4), 5)
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """

    def factor(t):
        if t < warmup:
            return t / warmup
        return 0.5 * (1 + math.cos(math.pi * min((t - warmup) / (total - warmup), 1)))

    return LambdaLR(optimizer, factor)
