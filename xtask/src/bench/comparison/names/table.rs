//! The table of pairs of names, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{
    Measured,
    tools::{NameTool, NameTrial},
};
use crate::bench::comparison::{report::by_tag, targets::Target};

const HEADER: &str = "| Set | Tool | Pairs | Threshold | F1 | Precision | Recall | µs a pair | \
    Target |\n\
    |---|---|--:|--:|--:|--:|--:|--:|---|\n";
/// On fewer pairs the time of judging is lost in that of starting.
const LEAST_TIMED: usize = 500;

pub(super) fn to_markdown(sets: &[Measured]) -> String {
    let mut text = HEADER.to_owned();
    for set in sets {
        for trial in &set.trials {
            set.add_row(trial, &mut text);
        }
    }
    for set in sets {
        let ours = set.trials.iter().find(|trial| trial.tool == NameTool::Ours);
        let title = format!("What ours judges rightly of {}", set.set.name);
        text.push_str(&by_tag(
            &title,
            "Right",
            ours.map(|ours| &ours.right_by_tag),
        ));
    }
    text
}

pub(super) fn to_json(sets: &[Measured]) -> Vec<Value> {
    let row = |set: &Measured, trial: &NameTrial| {
        json!({
            "set": set.set.name,
            "tool": trial.tool.name().trim_matches('*'),
            "pairs": set.set.truth.len(),
            "all_pairs_match": !set.set.has_both,
            "threshold": trial.threshold,
            "quality": trial.quality,
            "judging_cpu_s": trial.judging_cpu_s,
            "wall_s": trial.wall_s,
            "peak_mib": trial.peak_mib,
            "right_by_tag": trial.right_by_tag,
            "failure": trial.failure,
            "verdict": set.verdict(trial),
        })
    };
    sets.iter()
        .flat_map(|set| set.trials.iter().map(move |trial| row(set, trial)))
        .collect()
}

impl Measured {
    fn add_row(&self, trial: &NameTrial, text: &mut String) {
        let (set, tool, pairs) = (&self.set.name, trial.tool.name(), self.set.truth.len());
        let part = |value: Option<f64>| value.map_or(String::new(), |it| format!("{it:.4}"));
        let quality = trial.quality.as_ref();
        let of_both = quality.filter(|_| self.set.has_both);
        let threshold = match (trial.tool, trial.threshold) {
            (NameTool::Ours, _) => "its own".to_owned(),
            (_, threshold) => threshold.map_or(String::new(), |it| format!("{it:.2}")),
        };
        let note = match &trial.failure {
            Some(failure) => failure.replace('|', "\\|"),
            None => self.verdict(trial),
        };
        // A string takes everything.
        let _ = writeln!(
            text,
            "| {set} | {tool} | {pairs} | {threshold} | {} | {} | {} | {} | {note} |",
            part(of_both.map(|it| it.f1)),
            part(of_both.map(|it| it.precision)),
            part(quality.map(|it| it.recall)),
            self.microseconds(trial)
                .map_or(String::new(), |it| format!("{it:.1}")),
        );
    }

    /// Processor time of judging one pair.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of pairs are far below 2⁵²"
    )]
    fn microseconds(&self, trial: &NameTrial) -> Option<f64> {
        let pairs = self.set.truth.len();
        let seconds = trial.judging_cpu_s.filter(|_| pairs >= LEAST_TIMED)?;
        Some(seconds * 1e6 / pairs as f64)
    }

    /// Whether ours reached its target; for the others, how their figures are to be read.
    fn verdict(&self, trial: &NameTrial) -> String {
        if !self.set.has_both {
            return "only recall counts: all pairs match".to_owned();
        }
        match (trial.tool, &trial.quality) {
            (NameTool::Ours, Some(quality)) => self.set.target.verdict(&Target {
                f1: Some(quality.f1),
                ..Target::default()
            }),
            (NameTool::Ours, None) => "missed: no result".to_owned(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Measured, NameTool, NameTrial, Target, to_json, to_markdown};
    use crate::bench::{comparison::names::sets::PairSet, score::Quality};

    fn measured(has_both: bool) -> Measured {
        let mut ours = NameTrial::new(NameTool::Ours);
        ours.quality = Some(Quality::of(10, 9, 12));
        ours.judging_cpu_s = Some(0.02);
        ours.right_by_tag.insert("typo".to_owned(), (9, 12));
        let mut peer = NameTrial::new(NameTool::Nomenklatura);
        peer.failure = Some("not run: a|b".to_owned());
        Measured {
            set: PairSet {
                name: "x".to_owned(),
                pairs: "x.csv".into(),
                first_pair: "first-of-x.csv".into(),
                truth: vec![true; 1000],
                tags: Vec::new(),
                has_both,
                target: Target {
                    f1: Some(0.8),
                    ..Target::default()
                },
            },
            trials: vec![ours, peer],
        }
    }

    #[test]
    fn a_row_has_quality_time_and_verdict() {
        let text = to_markdown(&[measured(true)]);
        assert!(
            text.contains(
                "| x | **counterpart match-names** | 1000 | its own | 0.8182 | 0.9000 | 0.7500 \
                 | 20.0 | met |"
            ),
            "{text}"
        );
        assert!(text.contains("|  |  |  |  |  | not run: a\\|b |"), "{text}");
        assert!(text.contains("| typo | 12 | 75.0 % |"), "{text}");
    }

    #[test]
    fn where_all_pairs_match_only_recall_is_told() {
        let text = to_markdown(&[measured(false)]);
        assert!(
            text.contains(
                "| its own |  |  | 0.7500 | 20.0 | only recall counts: all pairs match |"
            ),
            "{text}"
        );
        assert_eq!(to_json(&[measured(false)])[0]["all_pairs_match"], true);
    }
}
