"""All that suites know of the inside of a network: matrices, idle units, sizes, and a twin that nobody trained.

Everything else they ask of it is a pass: `encode`, `decode`, `forward`.

Shapes: a weight matrix is (out, in).
"""

from typing import TYPE_CHECKING

from torch import Tensor

from aecli.components.architecture.dense import make_model
from aecli.training.objective import Objective

if TYPE_CHECKING:
    from aecli.components.architecture.dense import Autoencoder
    from aecli.evaluation.subject import Subject


def named_matrices(model: "Autoencoder") -> dict[str, Tensor]:
    """The weight matrices by the names of their parameters, encoder first; tied ones once."""
    parameters = {id(parameter): name for name, parameter in model.named_parameters()}
    return {parameters[id(weight)]: weight for weight in model.weights()}


def idle_units(model: "Autoencoder") -> dict[str, int]:
    """How many units of every layer have no incoming weight but zeros; tied layers too."""
    layers = {f"encoder.{index}.weight": layer.weight for index, layer in enumerate(model.encoder)}
    layers |= {f"decoder.{index}.weight": model.decoder_weight(index) for index in range(len(model.decoder))}
    return {name: int((weight == 0).all(1).sum()) for name, weight in layers.items()}


def decoder_values(model: "Autoencoder") -> int:
    """How many numbers whoever decodes has to have, tied weights and the state of normalizations included."""
    matrices = [model.decoder_weight(index) for index in range(len(model.decoder))]
    biases = [layer.bias for layer in model.decoder]
    norms = [value for value in model.decoder_norms.state_dict().values() if value.is_floating_point()]
    return sum(value.numel() for value in (*matrices, *biases, *norms))


def untrained_twin(subject: "Subject", seed: int) -> "Autoencoder":
    """The model as it starts from a seed, on the CPU, without what regularizers attach to it."""
    mean_image_P = subject.splits.mean_image_P.cpu()
    return make_model(subject.config.architecture, subject.model.widths, seed, mean_image_P)


def random_encoder(subject: "Subject", seed: int) -> "Autoencoder":
    """An untrained twin ready to encode, with whatever acts on the model's code (k_sparse)."""
    model = untrained_twin(subject, seed)
    Objective(subject.config, subject.splits.image_shape).attach(model)
    return model.to(subject.splits.mean_image_P.device).eval()


def random_encoder_parts(subject: "Subject") -> list[object]:
    """Everything but the seed that a random encoder's code depends on, ready for JSON."""
    terms = Objective(subject.config, subject.splits.image_shape).regularizers
    acting = [[term.key, term.params] for term in terms if term.acts in ("hidden", "code")]
    return [subject.model.widths, subject.config.architecture.model_dump(mode="json"), acting]
