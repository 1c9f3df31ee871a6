//! How good scores of pairs are, the same for every tool.

use crate::bench::score::Quality;

/// What the pairs that are called one come to.
pub(super) fn of_verdicts(verdicts: impl Iterator<Item = bool>, truth: &[bool]) -> Quality {
    let (mut rows, mut right) = (0, 0);
    for (verdict, truth) in verdicts.zip(truth) {
        rows += usize::from(verdict);
        right += usize::from(verdict && *truth);
    }
    Quality::of(rows, right, count(truth))
}

/// The quality at the threshold with the best F1, and that threshold. Of equally good ones the
/// highest, which calls the fewest pairs one.
pub(super) fn best(scores: &[f64], truth: &[bool]) -> Option<(Quality, f64)> {
    let all = count(truth);
    let mut pairs: Vec<(f64, bool)> = scores.iter().copied().zip(truth.iter().copied()).collect();
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0));
    let (mut rows, mut right) = (0, 0);
    let mut best: Option<(Quality, f64)> = None;
    for tied in pairs.chunk_by(|x, y| x.0.total_cmp(&y.0).is_eq()) {
        rows += tied.len();
        right += tied.iter().filter(|(_, truth)| *truth).count();
        let quality = Quality::of(rows, right, all);
        if best.is_none_or(|(best, _)| quality.f1 > best.f1) {
            best = Some((quality, tied[0].0));
        }
    }
    best
}

fn count(truth: &[bool]) -> usize {
    truth.iter().filter(|truth| **truth).count()
}

#[cfg(test)]
mod tests {
    use super::{best, of_verdicts};

    #[test]
    fn the_best_threshold_takes_equal_scores_together() {
        let truth = [true, true, false, true, false];
        let (quality, threshold) = best(&[9.0, 8.0, 8.0, 7.0, 1.0], &truth).expect("has pairs");
        assert_eq!((quality.rows, quality.right), (4, 3));
        assert!((threshold - 7.0).abs() < 1e-9);
        assert!((quality.f1 - 6.0 / 7.0).abs() < 1e-9);
        assert!(best(&[], &[]).is_none());
    }

    #[test]
    fn verdicts_are_counted_as_they_are() {
        let quality = of_verdicts([true, false, true].into_iter(), &[true, true, false]);
        assert_eq!((quality.rows, quality.right), (2, 1));
        assert!((quality.recall - 0.5).abs() < 1e-9);
    }
}
