//! How right the verdicts are, where the truth is known.

use std::fmt;
use std::path::Path;

use counterpart_model::Code;
use counterpart_service::{Error, Result};
use counterpart_tabular::Sheet;
use serde::Serialize;

/// Verdicts against the truth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Quality {
    /// Share of the pairs called a match that are one; 1 when none was called so.
    pub(super) precision: f64,
    /// Share of the true pairs that were called a match; 1 when there is none.
    pub(super) recall: f64,
    /// Harmonic mean of the two.
    pub(super) f1: f64,
    /// Matches that are right.
    pub(super) right: usize,
    /// Matches that are wrong.
    pub(super) wrong: usize,
    /// True pairs that were not found.
    pub(super) missed: usize,
}

impl Quality {
    pub(super) fn at(threshold: f64, scores: &[f64], truth: &[bool]) -> Self {
        let (mut right, mut wrong, mut missed) = (0_usize, 0_usize, 0_usize);
        for (score, truth) in scores.iter().zip(truth) {
            match (*score >= threshold, truth) {
                (true, true) => right += 1,
                (true, false) => wrong += 1,
                (false, true) => missed += 1,
                (false, false) => {}
            }
        }
        let precision = share(right, right + wrong);
        let recall = share(right, right + missed);
        let f1 = if right == 0 {
            0.0
        } else {
            2.0 * precision * recall / (precision + recall)
        };
        Self {
            precision,
            recall,
            f1,
            right,
            wrong,
            missed,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "row counts stay far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "precision {:.4}  recall {:.4}  F1 {:.4}  ({} right, {} wrong, {} missed)",
            self.precision, self.recall, self.f1, self.right, self.wrong, self.missed
        )
    }
}

/// What a cell says: true, false, or nothing that can be understood.
pub(super) fn parse_truth(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "1.0" | "yes" | "y" | "match" | "positive" => Some(true),
        "false" | "f" | "0" | "0.0" | "no" | "n" | "no match" | "negative" => Some(false),
        _ => None,
    }
}

/// The truth of every row.
pub(super) fn truth_of(sheet: &Sheet, column: usize, path: &Path) -> Result<Vec<bool>> {
    sheet
        .rows
        .iter()
        .map(|row| {
            parse_truth(&row.cells[column]).ok_or_else(|| {
                Error::new(
                    Code::FileHeader,
                    format!(
                        "{}, line {}: `{}` in the column {} is neither true nor false; use true or \
                         false, yes or no, 1 or 0",
                        path.display(),
                        row.line,
                        row.cells[column],
                        sheet.headers[column]
                    ),
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_counts_what_is_right_wrong_and_missed() {
        let quality = Quality::at(0.5, &[0.9, 0.8, 0.2, 0.1], &[true, false, true, false]);
        assert_eq!((quality.right, quality.wrong, quality.missed), (1, 1, 1));
        assert!((quality.f1 - 0.5).abs() < 1e-9);
        let nothing = Quality::at(0.5, &[0.1], &[true]);
        assert_eq!((nothing.precision, nothing.f1), (1.0, 0.0));
    }

    #[test]
    fn truths_are_read_in_the_usual_spellings() {
        assert_eq!(parse_truth(" TRUE"), Some(true));
        assert_eq!(parse_truth("0"), Some(false));
        assert_eq!(parse_truth("maybe"), None);
    }
}
