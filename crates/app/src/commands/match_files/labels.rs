//! Past decisions, out of a file of pairs or a corrected mapping.

use std::collections::HashMap;
use std::path::Path;

use counterpart_matching::Label;
use counterpart_model::Code;
use counterpart_tabular::SheetReader;
use serde::Serialize;

use super::error::MatchError;
use super::pairs::{BothIds, PairColumns, column};
use super::rows::row_of;

/// Past decisions about people who are still in the files.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) known: Vec<Label>,
    pub(super) counts: LabelCounts,
}

/// What a file of past decisions held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(super) struct LabelCounts {
    /// Pairs that are one human.
    pub(super) same: usize,
    /// Pairs that are not.
    pub(super) different: usize,
    /// Rows without a decision, such as an untouched `review`.
    pub(super) undecided: usize,
    /// Decisions about an id that is in neither file any more.
    pub(super) gone: usize,
}

const YES: [&str; 14] = [
    "1",
    "accepted",
    "approved",
    "auto",
    "confirmed",
    "ja",
    "match",
    "oui",
    "right",
    "same",
    "si",
    "true",
    "y",
    "yes",
];
const NO: [&str; 12] = [
    "0",
    "different",
    "f",
    "false",
    "n",
    "nein",
    "no",
    "no match",
    "non",
    "not same",
    "rejected",
    "wrong",
];
const UNDECIDED: [&str; 5] = ["", "?", "open", "review", "undecided"];

/// Where the decisions about pairs stand.
struct Decided {
    pair: PairColumns,
    /// `same`, which counts, and else `decision`. Without either each row says yes.
    verdicts: Vec<usize>,
}

impl Labels {
    /// The pairs, as rows, that are one human.
    pub(super) fn same(known: &[Label]) -> impl Iterator<Item = (u32, u32)> {
        let same = known.iter().filter(|label| label.same);
        same.map(|label| (row_of(label.left), row_of(label.right)))
    }

    /// Reads `a_id,b_id,same` or a mapping file whose `decision` somebody has corrected.
    ///
    /// Errs on a word that is neither yes nor no, on decisions that contradict each other, and when
    /// not one of them is about people of the two files.
    pub(super) fn read(
        path: &Path,
        text: &str,
        ids: BothIds<'_>,
        many_to_one: bool,
    ) -> Result<Self, MatchError> {
        let in_file = |error| MatchError::table(path, error);
        let mut reader = SheetReader::new(text).map_err(in_file)?;
        let headers = reader.headers();
        let decided = Decided {
            pair: PairColumns::find(path, headers)?,
            verdicts: ["same", "decision"]
                .iter()
                .filter_map(|name| column(headers, name))
                .collect(),
        };
        let mut pairs = Decisions::new(path, many_to_one);
        let mut counts = LabelCounts::default();
        while let Some(row) = reader.next_row().map_err(in_file)? {
            let (a, b) = (row.cell(decided.pair.a), row.cell(decided.pair.b));
            let cells = decided.verdicts.iter().map(|column| row.cell(*column));
            let verdict = verdict_of(path, row.line(), cells)?;
            match (verdict, ids.left.find(a), ids.right.find(b)) {
                (None, ..) => counts.undecided += 1,
                (Some(same), Some(left), Some(right)) => {
                    let label = Label {
                        left: left as usize,
                        right: right as usize,
                        same,
                    };
                    pairs.add(label, (a, b), row.line())?;
                }
                _ => counts.gone += 1,
            }
        }
        let known = pairs.known;
        counts.same = known.iter().filter(|label| label.same).count();
        counts.different = known.len() - counts.same;
        if known.is_empty() && counts.gone > 0 {
            return Err(MatchError::content(
                Code::FileHeader,
                path,
                None,
                "none of its ids is in the two files",
                "name the columns a_id and b_id, and use the ids of A and B in this order",
            ));
        }
        Ok(Self { known, counts })
    }
}

/// The first of the cells that says anything; yes when there is no such column.
fn verdict_of<'r>(
    path: &Path,
    line: u64,
    cells: impl ExactSizeIterator<Item = &'r str>,
) -> Result<Option<bool>, MatchError> {
    if cells.len() == 0 {
        return Ok(Some(true));
    }
    let mut words = cells.map(str::to_lowercase);
    let said = words.find(|word| !word.is_empty()).unwrap_or_default();
    let among = |words: &[&str]| words.contains(&said.as_str());
    match () {
        () if among(&YES) => Ok(Some(true)),
        () if among(&NO) => Ok(Some(false)),
        () if among(&UNDECIDED) => Ok(None),
        () => Err(MatchError::content(
            Code::FileHeader,
            path,
            Some(line),
            format!("'{said}' is neither yes nor no"),
            "write yes or no in the column same, or leave it empty where nothing is decided",
        )),
    }
}

/// Decisions that do not contradict each other.
struct Decisions<'p> {
    path: &'p Path,
    many_to_one: bool,
    known: Vec<Label>,
    /// Whether each pair is the same, and the line that says so.
    pairs: HashMap<(usize, usize), (bool, u64)>,
    /// The lines that tie each row of A and of B.
    tied: [HashMap<usize, u64>; 2],
}

impl<'p> Decisions<'p> {
    fn new(path: &'p Path, many_to_one: bool) -> Self {
        Self {
            path,
            many_to_one,
            known: Vec::new(),
            pairs: HashMap::new(),
            tied: [HashMap::new(), HashMap::new()],
        }
    }

    fn add(&mut self, label: Label, (a, b): (&str, &str), line: u64) -> Result<(), MatchError> {
        let pair = (label.left, label.right);
        if let Some((same, earlier)) = self.pairs.insert(pair, (label.same, line)) {
            if same == label.same {
                return Ok(());
            }
            let what = format!("'{a}' and '{b}' are one human here, and not on line {earlier}");
            let what = if label.same {
                what
            } else {
                format!("'{a}' and '{b}' are not one human here, but on line {earlier}")
            };
            return Err(self.contradiction(line, what));
        }
        if label.same {
            if let Some(earlier) = self.tied[0].insert(label.left, line) {
                let what = format!("'{a}' is tied to another id of B on line {earlier}");
                return Err(self.contradiction(line, what));
            }
            let earlier = self.tied[1].insert(label.right, line);
            if let Some(earlier) = earlier.filter(|_| !self.many_to_one) {
                let what = format!(
                    "'{b}' is tied to another id of A on line {earlier}, and --many-to-one is not given"
                );
                return Err(self.contradiction(line, what));
            }
        }
        self.known.push(label);
        Ok(())
    }

    fn contradiction(&self, line: u64, what: String) -> MatchError {
        MatchError::content(
            Code::FileDuplicateId,
            self.path,
            Some(line),
            what,
            "remove the line that is wrong",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::ids::{Ids, IdsBuilder};
    use super::*;

    fn ids(all: &[&str]) -> Ids {
        let mut ids = IdsBuilder::default();
        for id in all {
            ids.push(id).unwrap();
        }
        ids.finish().unwrap()
    }

    fn read(text: &str, many_to_one: bool) -> Result<Labels, String> {
        let (left, right) = (ids(&["a0", "a1", "a2"]), ids(&["b0", "b1", "b2"]));
        let both = BothIds {
            left: &left,
            right: &right,
        };
        Labels::read(Path::new("labels.csv"), text, both, many_to_one)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn decisions_are_read_in_any_usual_word() {
        let text = "a_id,b_id,same\na0,b0,Yes\na1,b1,FALSE\na2,b2,\ngone,b2,yes\n";
        let labels = read(text, false).unwrap();
        let pairs: Vec<_> = labels
            .known
            .iter()
            .map(|label| (label.left, label.right, label.same))
            .collect();
        assert_eq!(pairs, [(0, 0, true), (1, 1, false)]);
        let expected = LabelCounts {
            same: 1,
            different: 1,
            undecided: 1,
            gone: 1,
        };
        assert_eq!(labels.counts, expected);
    }

    #[test]
    fn a_mapping_counts_where_it_was_corrected_or_automatic() {
        let text = "a_id,b_id,score,decision,evidence\n\
                    a0,b0,0.99,auto,{}\na1,b1,0.7,no,{}\na2,b2,0.6,review,{}\n";
        let labels = read(text, false).unwrap();
        assert_eq!((labels.counts.same, labels.counts.different), (1, 1));
        assert_eq!(labels.counts.undecided, 1);
    }

    #[test]
    fn same_counts_above_decision() {
        let text = "a_id,b_id,decision,same\na0,b0,auto,no\na1,b1,review,\n";
        let labels = read(text, false).unwrap();
        assert_eq!((labels.counts.different, labels.counts.undecided), (1, 1));
    }

    #[test]
    fn contradictions_name_both_lines() {
        for (text, expected) in [
            (
                "a_id,b_id,same\na0,b0,yes\na0,b0,no\n",
                ["line 3", "line 2"],
            ),
            (
                "a_id,b_id\na0,b0\na0,b1\n",
                ["line 3", "another id of B on line 2"],
            ),
            ("a_id,b_id\na0,b0\na1,b0\n", ["line 3", "--many-to-one"]),
            ("a_id,b_id,same\na0,b0,maybe\n", ["line 2", "yes or no"]),
            ("a_id,b_id\nx,y\n", ["labels.csv", "none of its ids"]),
        ] {
            let error = read(text, false).unwrap_err();
            assert!(expected.iter().all(|part| error.contains(part)), "{error}");
        }
        assert!(read("a_id,b_id\na0,b0\na1,b0\n", true).is_ok());
    }
}
