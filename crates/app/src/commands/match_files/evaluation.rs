//! The result against a known truth: precision, recall and F1, and recall by tag.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use counterpart_matching::{Decision, MatchResult, Record};
use counterpart_model::Code;
use counterpart_tabular::{Sheet, header_words};
use serde::Serialize;

use super::error::MatchError;

/// The true pairs, by id, with the tags that the file gives them.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pairs: HashMap<(String, String), Vec<String>>,
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

impl Truth {
    /// Reads the columns `a_id` and `b_id` (else the first two), and `tags` if there are any.
    pub(super) fn from_sheet(path: &Path, sheet: &Sheet) -> Result<Self, MatchError> {
        let place = |name: &str| sheet.headers.iter().position(|h| header_words(h) == name);
        let (a, b) = (place("a id").unwrap_or(0), place("b id").unwrap_or(1));
        if sheet.headers.len() < 2 || a == b {
            return Err(MatchError::content(
                Code::FileHeader,
                path,
                Some(1),
                "the true pairs need two columns",
                "name them a_id and b_id",
            ));
        }
        let tags = place("tags");
        let pairs = sheet
            .rows
            .iter()
            .map(|row| {
                let tags = tags.map_or("", |tags| &row.cells[tags]);
                (
                    (row.cells[a].to_owned(), row.cells[b].to_owned()),
                    tags.split_whitespace().map(str::to_owned).collect(),
                )
            })
            .collect();
        Ok(Self { pairs })
    }

    /// Measures a result.
    pub(super) fn evaluate(
        &self,
        left: &[Record],
        right: &[Record],
        result: &MatchResult,
    ) -> Evaluation {
        let (mut auto, mut all) = ((0, 0), (0, 0));
        let mut found_by_tag: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for tag in self.pairs.values().flatten() {
            found_by_tag.entry(tag.clone()).or_default().1 += 1;
        }
        for proposal in &result.proposals {
            let pair = (
                left[proposal.left].id.clone(),
                right[proposal.right].id.clone(),
            );
            let tags = self.pairs.get(&pair);
            let right = usize::from(tags.is_some());
            all = (all.0 + 1, all.1 + right);
            if proposal.decision == Decision::Auto {
                auto = (auto.0 + 1, auto.1 + right);
            }
            for tag in tags.into_iter().flatten() {
                found_by_tag.entry(tag.clone()).or_default().0 += 1;
            }
        }
        Evaluation {
            true_pairs: self.pairs.len(),
            auto: self.quality(auto),
            all: self.quality(all),
            recall_by_tag: found_by_tag,
        }
    }

    fn quality(&self, (rows, right): (usize, usize)) -> Quality {
        let share = |part: usize, whole: usize| {
            #[expect(clippy::cast_precision_loss, reason = "row counts stay far below 2^52")]
            let share = part as f64 / whole as f64;
            if whole == 0 { 1.0 } else { share }
        };
        Quality {
            rows,
            right,
            precision: share(right, rows),
            recall: share(right, self.pairs.len()),
            f1: share(2 * right, rows + self.pairs.len()),
        }
    }
}
