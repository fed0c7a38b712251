"""Judging many runs. Never imports torch: everything here is read from run folders.

The rooms, in the order in which they may know each other:

- `statistics`: intervals, tests and corrections for many tests, numbers alone. Knows no run, no metric, no word.
- `evidence`: what the runs say, and what was asked of them. Run folders become RunRecords, RunRecords that differ in
  nothing but the seed become Candidates with short labels, and every number has a name and a better end (Measure).
  Knows neither verdicts nor how they are told.
- `verdicts`: what may be said. Better, worse, equivalent or undecided; what is wrong with a comparison (lint); who
  leads by which metric (ranking, matrix). Holds codes and numbers, no sentence.
- `telling`: how it is said, as table, text, CSV, Markdown, LaTeX, HTML, JSON, figures and as one report. Decides
  nothing: computes no statistic and compares no p-value.

A comparison flows from evidence through statistics and verdicts into telling: `verdicts.compare.compare` is where it
begins.

Four other questions to the same evidence, each in a room that may use all of the above:

- `recommendation`: which config for which goals, chosen on validation numbers, reported on test numbers.
- `dose`: how goals move with a strength, where it is free, where the cliff is, and whether it did what its name
  promises.
- `check`: conditions on a run, for continuous integration.
- `power`: what a comparison can show before its runs are trained, by the spread of a pilot.
"""
