"""How sure one can be which mean is the best: means drawn from what a few seeds leave open.

A flat prior would be too sure: two equal candidates print a share of wins of 95 % or more in one case of ten. Here the
candidates are taken as draws from one population, whose spread is learned from all of them.

Shapes: B draws, K candidates, G points of a grid, C cases (1, or B where every draw has numbers of its own).
"""

from aecli.lazy import np

DRAWS = 2000
POINTS = 60
"""Of the grid over how much of the spread of the means is noise."""


def draw_means(
    means_CK: "np.ndarray", variance_CK: "np.ndarray", degrees: float, rng: "np.random.Generator"
) -> "np.ndarray":
    """Draws of the true means, (B, K), up to what all candidates share.

    Normal means with normal noise. The part that noise has in the spread of the seen means is as likely below as above
    a quarter beforehand (its root is uniform): it decides for two candidates, and hardly for sixteen.

    Args:
        means_CK: seen means, at least two, each in one case or in one for each draw.
        variance_CK: of each of these, by noise that is independent; 0 where there is none, and the means are certain.
        degrees: of freedom of these variances.
        rng: of the draws.

    Source: Strawderman 1971, doi:10.1214/aoms/1177693528; Morris 1983, doi:10.1080/01621459.1983.10477920
    """
    count = means_CK.shape[1]
    noise_C1 = variance_CK.mean(axis=1, keepdims=True)
    if not noise_C1.any():
        return np.broadcast_to(means_CK, (DRAWS, count))
    noise_C1 = np.maximum(noise_C1, np.finfo(float).tiny)
    relative_C1K = (variance_CK / noise_C1)[:, None]
    part_G1 = ((np.arange(POINTS)[:, None] + 0.5) / POINTS) ** 2
    precision_CGK = 1 / (relative_C1K + (1 - part_G1) / part_G1)
    total_CG = precision_CGK.sum(axis=2)
    centre_CG = np.einsum("cgk,ck->cg", precision_CGK, means_CK) / total_CG
    squares_CG = np.einsum("cgk,cgk->cg", precision_CGK, (means_CK[:, None] - centre_CG[:, :, None]) ** 2) / noise_C1
    freedom = degrees + count - 1
    fit_CG = (np.log(precision_CGK).sum(axis=2) - np.log(total_CG) - freedom * np.log(degrees + squares_CG)) / 2
    chance_CG = np.cumsum(np.exp(fit_CG - fit_CG.max(axis=1, keepdims=True)), axis=1)
    at_B = (rng.uniform(size=(DRAWS, 1)) * chance_CG[:, -1:] > chance_CG).sum(axis=1)
    case_B = np.arange(DRAWS) % len(means_CK)
    drawn_B = (noise_C1[:, 0][case_B] * (degrees + squares_CG[case_B, at_B])) / rng.chisquare(freedom, DRAWS)
    kept_BK = 1 - relative_C1K[case_B, 0] * precision_CGK[case_B, at_B]
    centre_B = centre_CG[case_B, at_B] + rng.standard_normal(DRAWS) * np.sqrt(drawn_B / total_CG[case_B, at_B])
    error_BK = np.sqrt(drawn_B[:, None] * relative_C1K[case_B, 0] * kept_BK)
    centred_BK = centre_B[:, None] + kept_BK * (means_CK[case_B] - centre_B[:, None])
    drawn_BK: np.ndarray = centred_BK + error_BK * rng.standard_normal((DRAWS, count))
    return drawn_BK
