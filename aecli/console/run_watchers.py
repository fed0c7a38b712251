"""Watching a run on stderr: a bar on a terminal, a plain line per epoch elsewhere."""

from typing import TYPE_CHECKING, Any

from aecli.console.printing import duration, message, stderr, tell
from aecli.console.progress_line import CLOCK, bar_width, first_that_fits
from aecli.console.watched_run import Prepared, Step
from aecli.errors import known
from aecli.runs.folder import RunFolder

if TYPE_CHECKING:
    from rich.progress import Progress

    from aecli.config.schema import Config


RECENT = 5
"""Epochs by which the time that is left is told: a machine may become busy, or idle."""


def make_watcher(*, quiet: bool) -> "Lines":
    """The watcher that suits where the output goes."""
    if quiet:
        return Warnings()
    return Bars() if stderr().is_terminal else Lines()


class Lines:
    """One plain line per epoch, for CI and files."""

    def note(self, text: str, *, severity: str = "note") -> None:
        """A message."""
        message(text, severity=severity)

    def begin(self, config: "Config", prepared: Prepared, folder: RunFolder, first_epoch: int) -> None:
        """Say what is trained on what."""
        self.expect(config, prepared, first_epoch)
        sizes = prepared.splits.description["images"]
        parameters = sum(parameter.numel() for parameter in prepared.trainee.model.parameters())
        tell(
            f"{config.name}, seed {config.seed}: {parameters:,} parameters; {sizes['train']:,} training, "
            f"{sizes['validation']:,} validation, {sizes['test']:,} test images; {prepared.device}"
        )
        tell(f"writing {folder.path}")

    def expect(self, config: "Config", prepared: Prepared, first_epoch: int) -> None:
        """Keep what the lines of epochs need; of a resumed run the first one is no epoch 0."""
        self.epochs = config.training.epochs
        self.recent: list[tuple[float, float, float]] = []
        self.first_epoch = first_epoch
        self.select = config.evaluation.select
        self.count = len(prepared.splits.train)

    def step(self, event: Step) -> None:
        """Nothing: an epoch is enough."""

    def epoch(self, record: dict[str, Any]) -> None:
        """The line of an epoch."""
        tell(self.describe(record))

    def describe(self, record: dict[str, Any]) -> str:
        """`epoch 3/50  loss 0.01234  validation mse 0.01211 *  78,000 images/s  0:36 left`, as far as it fits."""
        epoch = f"epoch {record['epoch']:>{len(str(self.epochs))}}/{self.epochs}"
        loss = "before training" if record["objective"] is None else f"loss {record['objective']:.6f}"
        mark = "*" if record["is_best"] else " "
        mse = f"{self.select} {record['validation'][self.select]:.6f} {mark}"
        rate, left = self.speed(record)
        forms = [
            (epoch, loss, f"validation {mse}", rate, left),
            (epoch, loss, f"validation {mse}", left),
            (epoch, f"validation {mse}", left),
            (epoch, mse, left),
            (epoch, mse),
        ]
        return first_that_fits(forms, stderr().width).rstrip()

    def speed(self, record: dict[str, Any]) -> tuple[str, str]:
        """Images per second and the time that is left by the last epochs, in words; nothing before they are known."""
        now = (record["epoch"], record["train_s"], record["elapsed_s"])
        if record["epoch"] < self.first_epoch or not self.recent:
            self.recent = [now]
            return "", ""
        self.recent = [*self.recent[-RECENT:], now]
        done, train_s, elapsed_s = (new - old for new, old in zip(now, self.recent[0], strict=True))
        left = elapsed_s / done * (self.epochs - record["epoch"])
        return f"{done * self.count / max(train_s, 1e-9):,.0f} images/s", f"{duration(left)} left"

    def stage(self, text: str) -> None:
        """What comes after training."""
        tell(text)

    def close(self) -> None:
        """Nothing to take away."""


class Warnings(Lines):
    """Nothing but warnings, which nobody wants to miss."""

    def note(self, text: str, *, severity: str = "note") -> None:
        """A message, if it is more than a note."""
        if severity != "note":
            message(text, severity=severity)

    def begin(self, config: "Config", prepared: Prepared, folder: RunFolder, first_epoch: int) -> None:
        """Nothing."""

    def epoch(self, record: dict[str, Any]) -> None:
        """Nothing."""

    def stage(self, text: str) -> None:
        """Nothing."""


class Bars(Lines):
    """A live bar on a terminal."""

    def __init__(self) -> None:
        self.progress: Progress | None = None

    def begin(self, config: "Config", prepared: Prepared, folder: RunFolder, first_epoch: int) -> None:
        """Start the bar."""
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        super().begin(config, prepared, folder, first_epoch)
        self.metric, self.loss = ("", ""), ""
        self.progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width(stderr().width)),
            TextColumn("{task.fields[numbers]}", markup=False),
            TimeRemainingColumn(),
            console=stderr(),
            transient=True,
        )
        total = self.count * (self.epochs - first_epoch + 1)
        self.task = self.progress.add_task(self.place(first_epoch), total=total, numbers="")
        self.progress.start()

    def place(self, epoch: int) -> str:
        """`epoch 3/50`."""
        return f"epoch {epoch}/{self.epochs}"

    def numbers(self, epoch: int, rate: str = "") -> str:
        """What stands between the bar and the time that is left, as far as there is room for it."""
        whole, short = self.metric
        width = stderr().width
        room = width - len(self.place(epoch)) - bar_width(width) - CLOCK - 3
        forms = [(self.loss, whole, rate), (self.loss, whole), (whole,), (short,), ()]
        return first_that_fits(forms if whole else [(self.loss, rate), (self.loss,), ()], room)

    def step(self, event: Step) -> None:
        """Move the bar."""
        done = (event.epoch - self.first_epoch) * self.count + event.images
        progress = known(self.progress)
        task = progress.tasks[0]
        rate = f"{task.speed:,.0f} images/s" if task.speed else ""
        self.loss = f"loss {event.loss:.5f}"
        numbers = self.numbers(event.epoch, rate)
        progress.update(self.task, completed=done, description=self.place(event.epoch), numbers=numbers)

    def epoch(self, record: dict[str, Any]) -> None:
        """Show the validation metric; best epochs leave a line behind."""
        short = f"{self.select} {record['validation'][self.select]:.5f}"
        self.metric = (f"validation {short}{' *' if record['is_best'] else ''}", short)
        known(self.progress).update(self.task, numbers=self.numbers(record["epoch"]))
        if record["epoch"] == self.epochs or record["epoch"] % max(self.epochs // 10, 1) == 0:
            tell(self.describe(record))

    def stage(self, text: str) -> None:
        """The bar has done its work."""
        self.close()
        tell(text)

    def close(self) -> None:
        """Take the bar away; nothing is left on the screen."""
        if self.progress is not None:
            self.progress.stop()
            self.progress = None
