"""JAX by hand: one jitted function per epoch, `jax.lax.scan` over its steps, all images resident: jax_scan.py FOLDER

Adam is written out (Kingma & Ba 2015), since JAX itself has no optimizers.
"""

import sys

import jax
import jax.numpy as jnp
from contract import BATCH, LEARNING_RATE, WIDTHS, Turns, read_images

BETA_1, BETA_2, EPS = 0.9, 0.999, 1e-8
State = tuple
"""Parameters, first and second moments, steps taken."""


def start(key: jax.Array) -> State:
    """Glorot's weights, zero biases, no moments."""
    glorot = jax.nn.initializers.glorot_uniform()
    keys, shapes = jax.random.split(key, len(WIDTHS) - 1), list(zip(WIDTHS, WIDTHS[1:], strict=False))
    params = [(glorot(k, shape), jnp.zeros(shape[1])) for k, shape in zip(keys, shapes, strict=True)]
    return params, jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params), jnp.zeros(())


def mse(params: list, x: jax.Array) -> jax.Array:
    """Mean squared error of the reconstruction."""
    hidden = x
    for weight, bias in params[:-1]:
        hidden = jax.nn.relu(hidden @ weight + bias)
    weight, bias = params[-1]
    return jnp.mean((jax.nn.sigmoid(hidden @ weight + bias) - x) ** 2)


def step(state: State, x: jax.Array) -> tuple[State, jax.Array]:
    """One step of Adam on one batch."""
    params, first, second, count = state
    loss, gradient = jax.value_and_grad(mse)(params, x)
    count = count + 1
    first = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, first, gradient)
    second = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, second, gradient)
    rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
    params = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + EPS), params, first, second)
    return (params, first, second, count), loss


def epoch(state: State, images: jax.Array, key: jax.Array) -> tuple[State, jax.Array]:
    """All full batches in a scan, then the short one."""
    order = jax.random.permutation(key, len(images))
    whole = len(images) // BATCH * BATCH
    state, losses = jax.lax.scan(lambda s, rows: step(s, images[rows]), state, order[:whole].reshape(-1, BATCH))
    if whole < len(images):
        state, _ = step(state, images[order[whole:]])
    return state, losses.mean()


def main(folder: str) -> None:
    """Train until the driver is done."""
    images = jnp.asarray(read_images(folder))
    key = jax.random.key(0)
    state = start(key)
    jitted = jax.jit(epoch, donate_argnums=0)
    turns = Turns("jax", "jaxlib")
    while True:
        turns.wait()
        key, own = jax.random.split(key)
        state, loss = jitted(state, images, own)
        jax.block_until_ready(state)
        turns.done(loss=float(loss))


if __name__ == "__main__":
    main(*sys.argv[1:])
