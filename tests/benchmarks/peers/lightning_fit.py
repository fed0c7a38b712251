"""PyTorch Lightning's Trainer, bare, over a TensorDataset: lightning_fit.py FOLDER WORKERS

One call of `fit` for all epochs; a callback waits between them.
"""

import sys
import warnings

import lightning
import torch
from contract import BATCH, LEARNING_RATE, Turns, read_images
from torch.utils.data import DataLoader, TensorDataset
from torch_model import make_model


class Autoencoder(lightning.LightningModule):
    """The model with its loss and its optimizer."""

    def __init__(self) -> None:
        super().__init__()
        self.model = make_model()
        self.last_loss = torch.tensor(float("nan"))

    def training_step(self, batch: list[torch.Tensor], batch_idx: int) -> torch.Tensor:
        """The loss of a batch."""
        (x,) = batch
        loss = torch.nn.functional.mse_loss(self.model(x), x)
        self.last_loss = loss.detach()
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Adam."""
        return torch.optim.Adam(self.parameters(), lr=LEARNING_RATE, fused=True)


class Pause(lightning.Callback):
    """Waits for the driver before each epoch."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: Autoencoder) -> None:
        """Before the first batch."""
        self.turns.wait()

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: Autoencoder) -> None:
        """After the last step."""
        self.turns.done(loss=pl_module.last_loss.item())


def main(folder: str, workers: str) -> None:
    """Train until the driver is done."""
    warnings.simplefilter("ignore")  # it advises more workers than there are cores
    data = TensorDataset(torch.from_numpy(read_images(folder)))
    count = int(workers)
    loader = DataLoader(data, batch_size=BATCH, shuffle=True, num_workers=count, persistent_workers=count > 0)
    quiet = {
        "logger": False,
        "enable_checkpointing": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
    }
    turns = Turns("lightning", "torch")
    trainer = lightning.Trainer(accelerator="cpu", max_epochs=-1, callbacks=[Pause(turns)], **quiet)
    trainer.fit(Autoencoder(), loader)


if __name__ == "__main__":
    main(*sys.argv[1:])
