"""How much of the classes a code shows: probes, neighbours and clusters, as plain functions of codes and labels.

This module knows nothing of models or data sets, and what it returns can be written as JSON. scikit-learn does the
work. Shapes: N training images, M judged images, L code units, K classes.
"""

import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypedDict, TypeVar

import numpy as np

if TYPE_CHECKING:
    from sklearn.preprocessing import StandardScaler

Given = ParamSpec("Given")
Result = TypeVar("Result")
NARROW = 10_000_000
"""Training codes of up to so many values are fitted in double precision and to convergence."""
ITERATIONS, ITERATIONS_WIDE = 400, 100
"""L-BFGS steps at most. On all of MNIST's pixels a step costs .1 s; 188 of them would reach a tolerance of 1e-4 and
*lose* .2 points of accuracy to overfitting, so stopping early does not wrong that baseline."""
TOLERANCE = 1e-6
"""Of the gradient of the mean log-loss. At scikit-learn's own 1e-4 the last digit of the accuracy is still open."""
NEIGHBOURS = 5
RESTARTS = 10
"""Runs of k-means, each from one k-means++ start (n_init = 1), seeded 0, 1, ..."""
RANK_TOLERANCE = 1e-10
"""Directions with less than this share of the largest variance are rounding errors, and not whitened."""
Spread = dict[str, float]
"""`mean` and `sd`."""


class Probe(TypedDict):
    """What a linear probe reached, and how."""

    accuracy: float
    iterations: int
    converged: bool


class FewLabelProbe(TypedDict):
    """What linear probes with few labels reached."""

    accuracy: Spread
    draws: int
    converged: bool


class Neighbours(TypedDict):
    """What a vote of neighbours reached."""

    accuracy: float
    neighbours: int


class Clusters(TypedDict):
    """How well clusters agree with classes."""

    acc: Spread
    nmi: Spread
    ari: Spread
    restarts: int
    least_inertia: dict[str, float]


def one_thread(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Decorator: run on one core, which makes the numbers the same for any number of threads.

    Nothing is lost: the steps are too short to share. Where other programs want the cores, two threads that wait for
    each other at every step were measured to take 5 to 25 times as long as one.
    """

    @wraps(function)
    def limited(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            return function(*args, **kwargs)

    return limited


@one_thread
def linear_probe(train_NL: np.ndarray, labels_N: np.ndarray, codes_ML: np.ndarray, labels_M: np.ndarray) -> Probe:
    """Multinomial logistic regression on standardised codes.

    min over W, b of sum over training images of -log softmax(W z + b)[label] + norm_F(W)^2 / 2, where z is the code
    less the training mean over the training standard deviation (a constant unit stays 0): scikit-learn's C = 1.

    Returns: `accuracy` on the judged images, `iterations` of L-BFGS, and whether it `converged`.
    """
    scaler = fit_scaler(train_NL)
    return fit_probe(scaler.transform(as_wide(train_NL)), labels_N, scaler.transform(codes_ML), labels_M)


@one_thread
def few_label_probe(
    train_NL: np.ndarray,
    labels_N: np.ndarray,
    codes_ML: np.ndarray,
    labels_M: np.ndarray,
    *,
    draws: Sequence[np.ndarray],
) -> FewLabelProbe:
    """Linear probes fitted on a few labelled images each; all training codes standardise, as images without labels do.

    Args:
        draws: rows of the training codes, one array per probe; see `draw_rows`.

    Returns: mean and standard deviation of the accuracy over the draws, and whether all `converged`.
    """
    scaler = fit_scaler(train_NL)
    z_ML = scaler.transform(codes_ML)
    probes = [
        fit_probe(scaler.transform(train_NL[rows].astype(np.float64)), labels_N[rows], z_ML, labels_M) for rows in draws
    ]
    spread = mean_and_sd([probe["accuracy"] for probe in probes])
    return {"accuracy": spread, "draws": len(probes), "converged": all(probe["converged"] for probe in probes)}


def fit_scaler(train_NL: np.ndarray) -> "StandardScaler":
    """Means and standard deviations, summed in double precision."""
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit(train_NL)


def as_wide(train_NL: np.ndarray) -> np.ndarray:
    """Double precision, unless that would take too much memory and time."""
    return train_NL.astype(np.float64) if train_NL.size <= NARROW else train_NL


def fit_probe(z_NL: np.ndarray, labels_N: np.ndarray, z_ML: np.ndarray, labels_M: np.ndarray) -> Probe:
    """Logistic regression on standardised codes, without a word on the screen."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    limit = ITERATIONS if z_NL.size <= NARROW else ITERATIONS_WIDE
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = LogisticRegression(C=1.0, solver="lbfgs", tol=TOLERANCE, max_iter=limit).fit(z_NL, labels_N)
    converged = not any(issubclass(warning.category, ConvergenceWarning) for warning in caught)
    accuracy = float((model.predict(z_ML) == labels_M).mean())
    return {"accuracy": accuracy, "iterations": int(model.n_iter_.max()), "converged": converged}


def draw_rows(labels_N: np.ndarray, per_class: int, rng: np.random.Generator) -> np.ndarray:
    """So many different rows of every class, classes in order.

    Raises:
        ValueError: a class has fewer.
    """
    classes = [np.flatnonzero(labels_N == label) for label in np.unique(labels_N)]
    return np.concatenate([rng.choice(rows, per_class, replace=False) for rows in classes])


def nearest_neighbours(
    train_NL: np.ndarray, labels_N: np.ndarray, codes_ML: np.ndarray, labels_M: np.ndarray
) -> Neighbours:
    """Vote of the 5 nearest training codes in Euclidean distance, codes as they are; a tie goes to the smaller label.

    Exact search by matrix products: 2 s in 32 dimensions on all of MNIST, where a k-d tree takes 10; 17 s on pixels.

    Returns: `accuracy` on the judged images, and how many `neighbours` voted: fewer where there are fewer codes.
    """
    from sklearn.neighbors import KNeighborsClassifier

    count = min(NEIGHBOURS, len(train_NL))
    model = KNeighborsClassifier(count, algorithm="brute").fit(train_NL, labels_N)
    return {"accuracy": float((model.predict(codes_ML) == labels_M).mean()), "neighbours": count}


@one_thread
def cluster_scores(codes_ML: np.ndarray, labels_M: np.ndarray) -> tuple[Clusters, np.ndarray]:
    """k-means with as many clusters as classes, on the judged images alone.

    acc: share of images whose cluster is assigned to their class, by the best one-to-one assignment (Hungarian)
    nmi: mutual information of cluster and class over the arithmetic mean of their entropies
    ari: adjusted Rand index

    Returns: each with mean and standard deviation over the restarts, and `least_inertia`, the restart that k-means
        itself would choose; and that restart's counts, (K, K): row = class, column = the cluster assigned to it.
    """
    runs = [cluster_once(codes_ML, labels_M, seed) for seed in range(RESTARTS)]
    best_scores, best_KK, _ = min(runs, key=lambda run: run[2])
    acc, nmi, ari = (mean_and_sd([run[0][name] for run in runs]) for name in ("acc", "nmi", "ari"))
    return {"acc": acc, "nmi": nmi, "ari": ari, "restarts": RESTARTS, "least_inertia": best_scores}, best_KK


def cluster_once(codes_ML: np.ndarray, labels_M: np.ndarray, seed: int) -> tuple[dict[str, float], np.ndarray, float]:
    """Scores, assigned counts and inertia of one run of k-means; clusters may be empty where codes coincide."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    classes, labels_M = np.unique(labels_M, return_inverse=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fewer distinct codes than clusters
        model = KMeans(len(classes), n_init=1, random_state=seed).fit(codes_ML)
    counts_KK = assign(count_pairs(labels_M, model.labels_, len(classes)))
    scores = {
        "acc": float(np.trace(counts_KK) / len(labels_M)),
        "nmi": float(normalized_mutual_info_score(labels_M, model.labels_, average_method="arithmetic")),
        "ari": float(adjusted_rand_score(labels_M, model.labels_)),
    }
    return scores, counts_KK, float(model.inertia_)


def count_pairs(labels_M: np.ndarray, clusters_M: np.ndarray, size: int) -> np.ndarray:
    """How many images of each class are in each cluster, (K, K)."""
    return np.bincount(labels_M * size + clusters_M, minlength=size * size).reshape(size, size)


def assign(counts_KK: np.ndarray) -> np.ndarray:
    """The columns reordered so that the diagonal has the largest sum.

    Source: Kuhn 1955, doi:10.1002/nav.3800020109
    Example:
        >>> assign(np.array([[1, 9], [8, 2]]))
        array([[9, 1],
               [2, 8]])
    """
    from scipy.optimize import linear_sum_assignment

    return counts_KK[:, linear_sum_assignment(counts_KK, maximize=True)[1]]


def whiten(codes_ML: np.ndarray) -> np.ndarray:
    """The codes turned to their principal directions and scaled to variance 1; directions without any are dropped.

    Returns: (M, rank), mean 0 and covariance 1; rank 0 for a constant code.
    """
    centred_ML = codes_ML - codes_ML.mean(0, dtype=np.float64)
    values_L, vectors_LL = np.linalg.eigh(centred_ML.T @ centred_ML / len(centred_ML))
    kept = values_L > max(RANK_TOLERANCE * values_L[-1], np.finfo(np.float32).tiny)
    return centred_ML @ (vectors_LL[:, kept] / np.sqrt(values_L[kept]))


def mean_and_sd(values: Sequence[float]) -> Spread:
    """Mean and sample standard deviation."""
    return {"mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1))}
