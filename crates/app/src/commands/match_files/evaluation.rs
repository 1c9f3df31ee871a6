//! The result against a known truth: precision, recall and F1, and recall by tag.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use counterpart_matching::Decision;
use counterpart_tabular::SheetReader;
use serde::Serialize;

use super::error::MatchError;
use super::outcome::Outcome;
use super::pairs::{BothIds, PairColumns, column};

/// The true pairs, by row, with the tags that the file gives them.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// In the order of the rows, each once.
    pairs: Vec<TruePair>,
    /// True pairs of which one is in neither file; nobody can find them.
    strangers: Vec<usize>,
    /// The tags that stand together, each set once.
    tags: Vec<Vec<String>>,
}

#[derive(Debug, Clone, Copy)]
struct TruePair {
    left: u32,
    right: u32,
    /// Index of its set of tags.
    tags: u32,
}

/// How good a set of rows is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Quality {
    /// Rows.
    pub(super) rows: usize,
    /// Rows that are true.
    pub(super) right: usize,
    /// Share of the rows that are true (0–1; 1 without rows).
    pub(super) precision: f64,
    /// Share of the true pairs that are among the rows (0–1).
    pub(super) recall: f64,
    /// Harmonic mean of the two.
    pub(super) f1: f64,
}

/// The measures of a match.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Evaluation {
    pub(super) true_pairs: usize,
    pub(super) auto: Quality,
    pub(super) all: Quality,
    /// Recall of all rows among the true pairs with each tag: `(found, true pairs)`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) recall_by_tag: BTreeMap<String, (usize, usize)>,
}

/// Rows, and those of them that are true.
type Count = (usize, usize);

impl Truth {
    /// Reads the columns `a_id` and `b_id` (else the first two), and `tags` if there are any.
    pub(super) fn read(path: &Path, text: &str, ids: BothIds<'_>) -> Result<Self, MatchError> {
        let in_file = |error| MatchError::table(path, error);
        let mut reader = SheetReader::new(text).map_err(in_file)?;
        let columns = PairColumns::find(path, reader.headers())?;
        let tags = column(reader.headers(), "tags");
        let mut truth = Self::default();
        let mut sets: HashMap<String, u32> = HashMap::new();
        let mut strange: HashSet<(String, String)> = HashSet::new();
        while let Some(row) = reader.next_row().map_err(in_file)? {
            let (a, b) = (row.cell(columns.a), row.cell(columns.b));
            let tags = truth.set_of(tags.map_or("", |tags| row.cell(tags)), &mut sets);
            match (ids.left.find(a), ids.right.find(b)) {
                (Some(left), Some(right)) => truth.pairs.push(TruePair { left, right, tags }),
                _ if strange.insert((a.to_owned(), b.to_owned())) => {
                    truth.strangers.push(tags as usize);
                }
                _ => {}
            }
        }
        let rows = |pair: &TruePair| (pair.left, pair.right);
        truth.pairs.sort_by_key(rows);
        truth.pairs.dedup_by_key(|pair| rows(pair));
        Ok(truth)
    }

    fn set_of(&mut self, tags: &str, sets: &mut HashMap<String, u32>) -> u32 {
        if let Some(known) = sets.get(tags) {
            return *known;
        }
        // There are never as many sets as rows, and those fit.
        let new = u32::try_from(self.tags.len()).unwrap_or(u32::MAX);
        self.tags
            .push(tags.split_whitespace().map(str::to_owned).collect());
        sets.insert(tags.to_owned(), new);
        new
    }

    /// Measures a result.
    pub(super) fn evaluate(&self, outcome: &Outcome) -> Evaluation {
        let mut by_set: Vec<Count> = vec![(0, 0); self.tags.len()];
        let all_sets = self.pairs.iter().map(|pair| pair.tags as usize);
        for set in all_sets.chain(self.strangers.iter().copied()) {
            by_set[set].1 += 1;
        }
        let (mut auto, mut all) = ((0, 0), (0, 0));
        for tie in outcome.ties() {
            let rows = (tie.left, tie.right);
            let found = self
                .pairs
                .binary_search_by_key(&rows, |pair| (pair.left, pair.right));
            let right = usize::from(found.is_ok());
            all = (all.0 + 1, all.1 + right);
            if outcome.decision(tie) == Decision::Auto {
                auto = (auto.0 + 1, auto.1 + right);
            }
            if let Ok(place) = found {
                by_set[self.pairs[place].tags as usize].0 += 1;
            }
        }
        let mut recall_by_tag: BTreeMap<String, Count> = BTreeMap::new();
        for (tags, (found, pairs)) in self.tags.iter().zip(by_set) {
            for tag in tags {
                let count = recall_by_tag.entry(tag.clone()).or_default();
                *count = (count.0 + found, count.1 + pairs);
            }
        }
        Evaluation {
            true_pairs: self.len(),
            auto: self.quality(auto),
            all: self.quality(all),
            recall_by_tag,
        }
    }

    fn len(&self) -> usize {
        self.pairs.len() + self.strangers.len()
    }

    fn quality(&self, (rows, right): Count) -> Quality {
        let share = |part: usize, whole: usize| {
            #[expect(clippy::cast_precision_loss, reason = "row counts stay far below 2^52")]
            let share = part as f64 / whole as f64;
            if whole == 0 { 1.0 } else { share }
        };
        Quality {
            rows,
            right,
            precision: share(right, rows),
            recall: share(right, self.len()),
            f1: share(2 * right, rows + self.len()),
        }
    }
}
