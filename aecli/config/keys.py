"""The keys of a config by the schema: what is where, and where a key belongs that stands in the wrong place.

A word of other programs for one of our keys is a synonym; none of them is accepted, each leads to the key.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, get_args

from pydantic import BaseModel

from aecli.components.regularization import REGULARIZERS
from aecli.config.assemble import Anneal, Choice
from aecli.config.implied import IMPLIED
from aecli.config.schema import Config
from aecli.config.yaml_source import Path, dotted

SYNONYMS = {
    "seed": "random_state random_seed manual_seed rng_seed",
    "name": "run_name experiment experiment_name",
    "data.dataset": "data_set dataset_name data_path data_dir data_root ds",
    "data.validation": "val validation_split validation_size val_split val_size n_val holdout",
    "data.train_size": "n_train num_train n_samples num_samples subset",
    "data.corruption": "noise noise_std noise_factor denoise denoising",
    "architecture.widths": "latent latent_dim latent_size code_dim code_size bottleneck bottleneck_size z_dim "
    "embedding_dim encoding_dim n_components hidden hidden_dim hidden_dims hidden_size hidden_sizes "
    "hidden_layer_sizes layers layer_sizes units dims",
    "architecture.activation": "act act_fn activation_function nonlinearity",
    "loss": "criterion objective loss_fn loss_function loss_name losses",
    "regularization": "reg regularizer regularizers penalty",
    "regularization.weight_decay.weight": "wd decay",
    "regularization.dropout.p": "dropout_rate dropout_p drop_rate p_drop",
    "regularization.l1.weight": "l1_weight l1_lambda lambda_l1",
    "regularization.l2.weight": "l2_weight l2_lambda lambda_l2",
    "optimization.optimizer": "opt optim solver",
    "optimization.optimizer.lr": "learning_rate learning_rate_init learningrate base_lr initial_lr init_lr lr_rate",
    "optimization.schedule": "scheduler lr_schedule lr_scheduler",
    "optimization.schedule.warmup": "warm_up warmup_epochs num_warmup_epochs",
    "optimization.gradient_clip": "clip clip_grad clip_norm clipnorm grad_clip gradient_clip_val max_grad_norm",
    "training.epochs": "epoch n_epochs nb_epochs num_epochs num_train_epochs max_epochs max_iter",
    "training.batch_size": "batch batchsize bs minibatch_size mini_batch_size train_batch_size",
    "training.device": "gpu gpus cuda use_cuda accelerator",
    "training.threads": "num_threads n_threads nthreads",
    "training.precision": "amp fp16 dtype",
    "evaluation.suites": "suite",
}
"""Key -> what other programs call it."""
KEY_OF = {word: key for key, words in SYNONYMS.items() for word in words.split()}


def places_of(key: str, data: object) -> list[str]:
    """The dotted keys that a key without its section, in the wrong one, or a word of other programs may mean.

    Args:
        key: `epochs`, `training.lr` or `learning_rate`.
        data: the config it was meant for, which says what is chosen in it.

    Example:
        >>> places_of("learning_rate", {}), places_of("training.lr", {}), places_of("Batch-Size", {})
        (['optimization.optimizer.lr'], ['optimization.optimizer.lr'], ['training.batch_size'])
    """
    word = key.rpartition(".")[2].replace("-", "_").lower()
    if found := [dotted(path) for path in chosen_keys(Config, data, ()) if path[-1] == word]:
        return found
    if word in KEY_OF:
        return [KEY_OF[word]]
    if word in REGULARIZERS:
        entry = REGULARIZERS[word]
        strength = ["weight"] if entry.facts.weight is not None else [one.name for one in entry.parameters]
        return [f"regularization.{word}.{strength[0]}" if strength else "regularization"]
    return [
        dotted((*path, word))
        for path in IMPLIED
        if path[0] != "data" and any(word in model.model_fields for model in find_models(annotation_at(path)))
    ]


def chosen_keys(annotation: object, data: object, path: Path) -> Iterator[Path]:
    """The keys of a section and of what is chosen in it, names left out."""
    held: Mapping[str, object] = data if isinstance(data, dict) else {"name": data} if isinstance(data, str) else {}
    models = find_models(annotation)
    name = held.get("name", IMPLIED.get(path))
    for model in [model for model in models if len(models) == 1 or name_of(model) == name][:1]:
        for key in model.model_fields:
            if not issubclass(model, Anneal) and not (path and key == "name"):
                yield (*path, key)
                yield from chosen_keys(step_into(model, key), held.get(key), (*path, key))


def annotation_at(path: Path) -> object:
    """The type of what stands at a path of a config."""
    annotation: object = Config
    for part in path:
        annotation = step_into(annotation, part)
    return annotation


def names_with(schema: object, loc: tuple[str | int, ...]) -> list[str]:
    """The names whose parameter the last part of pydantic's location is, where it names another one."""
    models = siblings(schema, loc)
    return [name for name, model in models.items() if loc[-1] in model.model_fields]


def siblings(schema: object, loc: tuple[str | int, ...]) -> dict[str, type[BaseModel]]:
    """What else may be named where pydantic's location names something, by name; nothing elsewhere."""
    for part in loc[:-2]:
        schema = step_into(schema, part)
    models = {name_of(model): model for model in find_models(schema)}
    return models if len(loc) > 1 and loc[-2] in models and len(models) > 1 else {}


def name_of(model: type[BaseModel]) -> str:
    """The name that chooses a model; nothing where it is no choice."""
    field = model.model_fields.get("name")
    return str(next(iter(get_args(field.annotation)), "")) if field else ""


def keys_at(schema: object, loc: tuple[str | int, ...]) -> list[str]:
    """The keys that the schema knows at a place, following pydantic's location."""
    for part in loc:
        schema = step_into(schema, part)
    model = find_models(schema)
    return [name for one in model[:1] for name in one.model_fields]


def step_into(schema: object, part: str | int) -> object:
    """The type of a field, of a list's item, or of the union member with this tag."""
    if isinstance(part, int):
        return schema
    models = find_models(schema)
    for model in models:
        if len(models) > 1 and "name" in model.model_fields and name_of(model) == part:
            return model
    for model in models:
        if part in model.model_fields:
            field = model.model_fields[part]
            return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return schema


def find_models(annotation: object) -> list[type[BaseModel]]:
    """Every model inside a type, however deep in unions, tuples and annotations."""
    chosen = [part for part in get_args(annotation) if isinstance(part, Choice)]
    if chosen:
        return list(chosen[0].models().values())
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in find_models(part)]
