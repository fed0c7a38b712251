"""One pass through the network in training, and the way back.

A plain network (matrices, biases, activations registered with a `backward`) is propagated by hand, and so is a loss
registered with a `gradient`; autograd then sees only what is left, such as penalties. An epoch of the article's network
takes .85 of the time. The weights have the same bits, but where several gradients meet in one place (SSIM, sums of
losses): there they are added in another order. Any other network is left to autograd.

Shapes: B batch, P inputs, L code units.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.dense import Autoencoder, CutPass, Pass
from aecli.training.objective import add_gradient

Backward = Callable[[Tensor], None]
"""Takes the objective; adds its gradient to `grad` of every parameter."""
Propagate = Callable[[Tensor], tuple[Pass, Backward]]
"""Takes a batch, (B, P)."""


def make_propagate(model: Autoencoder, *, by_hand: bool) -> Propagate:
    """How batches go through a model in training.

    Args:
        model: the network, with its regularizers attached.
        by_hand: whether that may be done where the network is plain.
    """
    if by_hand and is_plain(model):
        return propagate_by_hand(model)
    return lambda x_BP: (model(x_BP), Tensor.backward)


def is_plain(model: Autoencoder) -> bool:
    """Whether matrices, biases and activations with a registered gradient are all there is."""
    if model.hidden_layers or model.code_layers or any(layer.weight is None for layer in model.decoder):
        return False
    if not all(isinstance(norm, nn.Identity) for norm in (*model.encoder_norms, *model.decoder_norms)):
        return False
    return all(backward_of(function) for function in (model.activation, model.code_activation, model.output_activation))


def backward_of(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor] | None:
    """What an activation was registered with to go back through it, if anything."""
    return next((entry.trait("backward") for entry in ACTIVATIONS.values() if entry.function is function), None)


def propagate_by_hand(model: Autoencoder) -> Propagate:
    """Forward and backward pass of a plain network without autograd."""
    layers: list[nn.Linear] = [*model.encoder, *model.decoder]
    middle = len(model.encoder)
    activations = [model.activation] * len(layers)
    activations[middle - 1], activations[-1] = model.code_activation, model.output_activation
    backwards = [backward_of(function) for function in activations]
    with torch.no_grad():
        transposed = [layer.weight.T for layer in layers]  # views, which follow the weights

    def forward(x_BP: Tensor) -> tuple[Pass, Backward]:
        seen = [x_BP]  # what each layer takes
        with torch.no_grad():
            for layer, weight, activation in zip(layers, transposed, activations, strict=True):
                logits_BP = torch.addmm(layer.bias, seen[-1], weight)
                seen.append(activation(logits_BP))
        leaves = (tensor.detach().requires_grad_() for tensor in (seen[middle], logits_BP, seen[-1]))
        output = CutPass(*leaves)
        return output, lambda loss: backward(loss, seen, output)

    def backward(loss: Tensor, seen: list[Tensor], output: CutPass) -> None:
        if loss.requires_grad:
            loss.backward()
        with torch.no_grad():
            if output.x_hat_BP.grad is not None:
                add_gradient(output.logits_BP, backwards[-1](output.x_hat_BP.grad, seen[-1]))
            gradient = output.logits_BP.grad
            for index in range(len(layers) - 1, -1, -1):
                layer = layers[index]
                add_gradient(layer.weight, gradient.T @ seen[index])
                add_gradient(layer.bias, gradient.sum(0))
                if index:
                    gradient = gradient @ layer.weight
                    if index == middle and output.code_BL.grad is not None:
                        gradient += output.code_BL.grad
                    gradient = backwards[index - 1](gradient, seen[index])

    return forward
