"""Which checkpoint of a trained run is judged, and what is said where it was lost."""

from overshooting import OVERSHOOT

import aecli


def test_the_summary_judges_the_best_checkpoint(overshot):
    summary = overshot.summary
    assert summary["judged_epoch"] == summary["best_epoch"]
    validation = overshot.metrics[summary["best_epoch"]]["validation"]["mse"]
    assert summary["validation"]["mse"] == validation == min(record["validation"]["mse"] for record in overshot.metrics)


def test_the_last_checkpoint_can_be_judged_instead(small, tmp_path):
    run = aecli.train(small, out=tmp_path, set=[*OVERSHOOT, "evaluation.checkpoint=last"])
    assert run.summary["judged_epoch"] == 6
    assert run.summary["best_epoch"] < 6
    assert run.summary["validation"]["mse"] == run.metrics[6]["validation"]["mse"]


def test_a_lost_best_checkpoint_is_said_and_the_last_one_judged(small, tmp_path):
    class Saboteur:
        notes: list = []

        def note(self, text, *, severity="note"):
            self.notes.append((severity, text))

        def begin(self, config, prepared, folder, first_epoch):
            self.folder = folder

        def step(self, event):
            pass

        def epoch(self, record):
            if record["epoch"] == 6:
                (self.folder.checkpoints / "best.pt").write_bytes(b"broken")

        def stage(self, text):
            pass

    saboteur = Saboteur()
    run = aecli.train(small, out=tmp_path, set=OVERSHOOT, watcher=saboteur)
    best = run.folder.checkpoints / "best.pt"
    assert ("warning", f"{best}: is cut off or no checkpoint; the last checkpoint is judged instead") in saboteur.notes
    assert run.summary["judged_epoch"] == 6
