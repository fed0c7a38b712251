"""A linear net that is PCA: the one model whose numbers are known beforehand."""

import torch


def become_pca(subject):
    """Give the linear net of a subject, one layer each way, the weights with which it is PCA."""
    pca, model = subject.pca(), subject.model
    with torch.no_grad():
        model.encoder[0].weight.copy_(pca.components_KP)
        model.encoder[0].bias.copy_(-pca.components_KP @ pca.mean_P)
        model.decoder[0].weight.copy_(pca.components_KP.T)
        model.decoder[0].bias.copy_(pca.mean_P)
