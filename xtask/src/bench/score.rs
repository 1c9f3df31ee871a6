//! `cargo xtask bench score`: how good written pairs are, the same for every matcher.
//!
//! Pairs are taken one to one, the highest score first, as long as neither side is taken. A matcher
//! without a decision of its own is judged twice: at the threshold it would usually be used with,
//! and at the one where its F1 is best, which only somebody who knows the truth could choose.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::Error;

/// What was found and what is true.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// CSV file with the columns `a_id`, `b_id` and `score`, and perhaps `decision`
    #[arg(value_name = "PAIRS.csv")]
    pairs: PathBuf,
    /// CSV file with the columns `a_id` and `b_id`, and perhaps `tags`
    #[arg(value_name = "TRUTH.csv")]
    truth: PathBuf,
    /// Score from which the matcher would usually be believed; without it every row counts
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    threshold: Option<f64>,
}

/// Scores the pairs and prints the outcome as JSON.
pub(crate) fn run(arguments: &Arguments, output: &mut impl Write) -> Result<(), Error> {
    let truth = Truth::read(&arguments.truth)?;
    let pairs = read_pairs(&arguments.pairs, &truth)?;
    let scores = score(
        pairs,
        &truth,
        arguments.threshold.unwrap_or(f64::NEG_INFINITY),
    );
    serde_json::to_writer(&mut *output, &scores).map_err(std::io::Error::from)?;
    writeln!(output)?;
    Ok(())
}

/// How good a set of pairs is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Quality {
    /// Pairs proposed.
    pub(crate) rows: usize,
    /// Of them, the true ones.
    pub(crate) right: usize,
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) f1: f64,
}

impl Quality {
    /// Of so many pairs proposed, so many of them right, with so many true pairs.
    pub(crate) fn of(rows: usize, right: usize, truth: usize) -> Self {
        let precision = share(right, rows);
        let recall = share(right, truth);
        let sum = precision + recall;
        Self {
            rows,
            right,
            precision,
            recall,
            f1: if sum > 0.0 {
                2.0 * precision * recall / sum
            } else {
                0.0
            },
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of rows are far below 2⁵²"
)]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// How good the pairs of one matcher are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scores {
    /// At the usual threshold.
    pub(crate) usual: Quality,
    /// At the threshold with the best F1.
    pub(crate) best: Quality,
    /// That threshold. `None` without pairs.
    pub(crate) best_threshold: Option<f64>,
    /// Of the rows that were decided `auto` alone, where there is such a column.
    pub(crate) auto: Option<Quality>,
    /// Found and all true pairs by tag, at the usual threshold.
    pub(crate) recall_by_tag: BTreeMap<String, (usize, usize)>,
}

/// A scored pair; ids are numbered in the order in which they are first seen.
#[derive(Debug, Clone, Copy)]
struct Pair {
    a: u32,
    b: u32,
    score: f64,
    is_auto: bool,
}

#[derive(Debug)]
struct Pairs {
    rows: Vec<Pair>,
    has_decisions: bool,
    /// Number of different ids of each side, those of the truth included.
    ids_of_a: usize,
    ids_of_b: usize,
}

/// Numbers ids.
#[derive(Debug, Clone, Default)]
struct Ids(HashMap<String, u32>);

impl Ids {
    fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.0.get(id) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).expect("files have fewer than 2³² rows");
        self.0.insert(id.to_owned(), number);
        number
    }
}

#[derive(Debug)]
struct Truth {
    a: Ids,
    b: Ids,
    /// The true b of every a, and the place of its tags.
    pairs: HashMap<u32, u32>,
    tags: Vec<(u32, String)>,
}

impl Truth {
    fn read(path: &Path) -> Result<Self, Error> {
        let mut rows = Rows::open(path, &["a_id", "b_id"], &["tags"])?;
        let mut truth = Self {
            a: Ids::default(),
            b: Ids::default(),
            pairs: HashMap::new(),
            tags: Vec::new(),
        };
        while let Some([a, b, tags]) = rows.next()? {
            let (a, b) = (truth.a.number(a), truth.b.number(b));
            if truth.pairs.insert(a, b).is_some() {
                return Err(rows.malformed("a row of A has two counterparts"));
            }
            if !tags.is_empty() {
                truth.tags.push((a, tags.to_owned()));
            }
        }
        if truth.pairs.is_empty() {
            return Err(rows.malformed("it has no pairs"));
        }
        Ok(truth)
    }
}

fn read_pairs(path: &Path, truth: &Truth) -> Result<Pairs, Error> {
    let mut rows = Rows::open(path, &["a_id", "b_id", "score"], &["decision"])?;
    let (mut a, mut b) = (truth.a.clone(), truth.b.clone());
    let mut pairs = Vec::new();
    while let Some([a_id, b_id, score, decision]) = rows.next()? {
        // A matcher that cannot tell writes nothing, or NaN: that ranks last.
        let score: f64 = score.parse().unwrap_or(f64::NEG_INFINITY);
        pairs.push(Pair {
            a: a.number(a_id),
            b: b.number(b_id),
            score: if score.is_nan() {
                f64::NEG_INFINITY
            } else {
                score
            },
            is_auto: decision == "auto",
        });
    }
    Ok(Pairs {
        rows: pairs,
        has_decisions: rows.places.iter().all(Option::is_some),
        ids_of_a: a.0.len(),
        ids_of_b: b.0.len(),
    })
}

/// The columns of a CSV file, by name: those that must be there, then those that may.
struct Rows {
    path: String,
    reader: csv::Reader<std::fs::File>,
    row: csv::StringRecord,
    places: Vec<Option<usize>>,
}

impl Rows {
    fn open(path: &Path, needed: &[&str], optional: &[&str]) -> Result<Self, Error> {
        let name = path.display().to_string();
        let malformed = |message: String| Error::Malformed {
            path: name.clone(),
            message,
        };
        let mut reader =
            csv::Reader::from_path(path).map_err(|error| malformed(error.to_string()))?;
        let headers = reader
            .headers()
            .map_err(|error| malformed(error.to_string()))?
            .clone();
        let place = |column: &&str| headers.iter().position(|header| header == *column);
        if let Some(missing) = needed.iter().find(|column| place(column).is_none()) {
            return Err(malformed(format!("it has no column {missing}")));
        }
        Ok(Self {
            reader,
            row: csv::StringRecord::new(),
            places: needed.iter().chain(optional).map(place).collect(),
            path: name,
        })
    }

    fn next<const COLUMNS: usize>(&mut self) -> Result<Option<[&str; COLUMNS]>, Error> {
        match self.reader.read_record(&mut self.row) {
            Ok(false) => Ok(None),
            Ok(true) => Ok(Some(std::array::from_fn(|column| {
                let place = self.places.get(column).copied().flatten();
                place.and_then(|place| self.row.get(place)).unwrap_or("")
            }))),
            Err(error) => Err(self.malformed(&error.to_string())),
        }
    }

    fn malformed(&self, message: &str) -> Error {
        Error::Malformed {
            path: self.path.clone(),
            message: message.to_owned(),
        }
    }
}

fn score(mut pairs: Pairs, truth: &Truth, threshold: f64) -> Scores {
    let auto = pairs.has_decisions.then(|| auto_quality(&pairs, truth));
    // Stable: of equal scores the first written wins.
    pairs.rows.sort_by(|x, y| y.score.total_cmp(&x.score));
    let mut taken_a = vec![false; pairs.ids_of_a];
    let mut taken_b = vec![false; pairs.ids_of_b];
    let (mut rows, mut right) = (0, 0);
    let mut usual = Quality::default();
    let mut best = Quality::default();
    let mut best_threshold = None;
    let mut found = vec![false; truth.a.0.len()];
    for tied in pairs
        .rows
        .chunk_by(|x, y| x.score.total_cmp(&y.score).is_eq())
    {
        for pair in tied {
            let (a, b) = (pair.a as usize, pair.b as usize);
            if taken_a[a] || taken_b[b] {
                continue;
            }
            (taken_a[a], taken_b[b]) = (true, true);
            rows += 1;
            if truth.pairs.get(&pair.a) == Some(&pair.b) {
                right += 1;
                found[a] = pair.score >= threshold;
            }
        }
        let quality = Quality::of(rows, right, truth.pairs.len());
        if quality.f1 > best.f1 {
            best = quality;
            best_threshold = Some(tied[0].score);
        }
        if tied[0].score >= threshold {
            usual = quality;
        }
    }
    Scores {
        usual,
        best,
        best_threshold,
        auto,
        recall_by_tag: recall_by_tag(truth, &found),
    }
}

fn auto_quality(pairs: &Pairs, truth: &Truth) -> Quality {
    let auto = pairs.rows.iter().filter(|pair| pair.is_auto);
    let right = auto
        .clone()
        .filter(|pair| truth.pairs.get(&pair.a) == Some(&pair.b))
        .count();
    Quality::of(auto.count(), right, truth.pairs.len())
}

fn recall_by_tag(truth: &Truth, found: &[bool]) -> BTreeMap<String, (usize, usize)> {
    let mut recall: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (a, tags) in &truth.tags {
        for tag in tags.split_whitespace() {
            let counts = recall.entry(tag.to_owned()).or_default();
            counts.0 += usize::from(found[*a as usize]);
            counts.1 += 1;
        }
    }
    recall
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Scores, Truth, read_pairs, score};

    const TRUTH: &str = "a_id,b_id,tags\na1,b1,typo\na2,b2,typo case\na3,b3,\n";

    fn scores(pairs: &str, threshold: f64) -> Scores {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("truth.csv"), TRUTH).expect("is written");
        fs::write(path("pairs.csv"), pairs).expect("is written");
        let truth = Truth::read(&path("truth.csv")).expect("is well-formed");
        let pairs = read_pairs(&path("pairs.csv"), &truth).expect("is well-formed");
        score(pairs, &truth, threshold)
    }

    #[test]
    fn the_highest_score_takes_both_sides() {
        let scores = scores("a_id,b_id,score\na1,b2,1\na1,b1,3\na2,b2,0.5\n", 0.0);
        assert_eq!((scores.usual.rows, scores.usual.right), (2, 2));
        assert!((scores.usual.precision - 1.0).abs() < 1e-9);
        assert!(scores.auto.is_none());
    }

    #[test]
    fn the_usual_threshold_cuts_and_the_best_one_is_found() {
        let pairs = "a_id,b_id,score\na1,b1,9\na2,b2,8\nx,y,7\nz,w,7\na3,b3,1\n";
        let scores = scores(pairs, 7.0);
        assert_eq!((scores.usual.rows, scores.usual.right), (4, 2));
        assert_eq!((scores.best.rows, scores.best.right), (2, 2));
        assert_eq!(scores.best_threshold, Some(8.0));
        assert_eq!(scores.recall_by_tag["typo"], (2, 2));
        assert_eq!(scores.recall_by_tag["case"], (1, 1));
    }

    #[test]
    fn rows_decided_auto_are_judged_alone() {
        let pairs = "a_id,b_id,score,decision\na1,b1,0.9,auto\na2,b3,0.8,auto\na3,b2,0.7,review\n";
        let auto = scores(pairs, 0.0).auto.expect("there is a decision");
        assert_eq!((auto.rows, auto.right), (2, 1));
        assert!((auto.precision - 0.5).abs() < 1e-9);
    }

    #[test]
    fn no_pairs_are_worth_nothing() {
        let scores = scores("a_id,b_id,score\n", 0.5);
        assert!(scores.best.f1.abs() < 1e-9);
        assert_eq!(scores.best_threshold, None);
        assert_eq!(scores.recall_by_tag["typo"], (0, 2));
    }
}
