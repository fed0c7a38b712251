"""What is left of the test errors of 50 real runs, five configs with ten seeds each, less the mean of their config, in
shares of it: mse, bce and mae as loss, mse with an l1 penalty, mse with dropout; two epochs of MNIST.

Shapes: C configs, N seeds.
"""

import numpy as np

MSE_CN = np.array(
    [
        [-0.03061, -0.01536, -0.05135, -0.04996, 0.01776, 0.01257, 0.10013, -0.02687, 0.05444, -0.01076],
        [-0.05720, -0.00564, -0.05167, -0.03444, 0.02972, -0.00912, 0.11403, -0.04058, 0.07025, -0.01535],
        [-0.04287, -0.01893, 0.02964, 0.10733, -0.07167, -0.01362, 0.00892, 0.01098, -0.05628, 0.04651],
        [-0.03391, -0.00113, -0.05383, -0.05356, 0.03108, 0.02594, 0.10238, -0.01767, 0.01574, -0.01505],
        [-0.01497, 0.01550, -0.02576, -0.01198, -0.00203, 0.00967, 0.01865, -0.00049, 0.01585, -0.00443],
    ]
)
MAE_CN = np.array(
    [
        [-0.01643, -0.00930, -0.03173, -0.02550, 0.00837, 0.00789, 0.05590, -0.01496, 0.03307, -0.00731],
        [-0.03572, -0.00297, -0.03326, -0.01961, 0.01917, -0.00524, 0.06869, -0.02431, 0.04290, -0.00965],
        [-0.02513, 0.00067, -0.00248, 0.03919, -0.04451, 0.00241, 0.01298, 0.00129, -0.01616, 0.03174],
        [-0.02113, -0.00111, -0.03297, -0.02820, 0.01822, 0.01357, 0.05695, -0.00579, 0.00902, -0.00857],
        [-0.01124, 0.01076, -0.01741, -0.00939, -0.00136, 0.00727, 0.00855, 0.00216, 0.01296, -0.00229],
    ]
)


def resample(errors_CN, candidates, seeds, rng, *, shared=0.5):
    """Errors of candidates without any difference, (candidates, seeds), mean 1.

    Each candidate has residuals of a random config, of seeds drawn for it alone and, for a share of the variance, of
    seeds drawn for all; every seed is turned over for all of them at once in half of the cases.
    """
    left_CN = errors_CN - errors_CN.mean(axis=1, keepdims=True)
    config_K1 = rng.integers(len(left_CN), size=(candidates, 1))
    own_KN = left_CN[config_K1, rng.integers(left_CN.shape[1], size=(candidates, seeds))]
    common_KN = left_CN[config_K1, rng.integers(left_CN.shape[1], size=seeds)]
    sign_N = rng.choice([-1, 1], seeds) if rng.uniform() < 0.5 else 1
    return 1 + sign_N * (np.sqrt(1 - shared) * own_KN + np.sqrt(shared) * common_KN)
