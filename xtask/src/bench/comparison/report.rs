//! The table, for people and for programs.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use serde_json::{Value, json};

use super::{
    names::NameReport,
    sets::Set,
    targets::Target,
    tools::{Tool, Trial},
};
use crate::{Error, bench::score::Quality};

/// All that was measured.
#[derive(Debug, Default)]
pub(super) struct Report {
    sets: Vec<Measured>,
    /// Of pairs of names.
    pub(super) names: NameReport,
}

#[derive(Debug)]
struct Measured {
    name: String,
    target: Target,
    trials: Vec<Trial>,
}

const HEADER: &str = "| Set | Tool | Wall s | × floor | Matching s | Peak MiB | F1 | Best F1 | \
    Precision of auto | Recall of auto | Target |\n\
    |---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n";

impl Report {
    pub(super) fn add_set(&mut self, set: &Set, trials: Vec<Trial>) {
        self.sets.push(Measured {
            name: set.name.clone(),
            target: set.target,
            trials,
        });
    }

    /// Writes `results.md` and `results.json` into the folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let json = format!("{:#}\n", self.to_json());
        for (name, text) in [("results.md", self.to_markdown()), ("results.json", json)] {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|source| Error::WriteFile {
                path: path.display().to_string(),
                source,
            })?;
        }
        Ok(())
    }

    pub(super) fn to_markdown(&self) -> String {
        let mut text = String::new();
        if !self.sets.is_empty() {
            text.push_str(HEADER);
        }
        for set in &self.sets {
            for trial in &set.trials {
                text.push_str(&set.row(trial));
            }
        }
        for set in &self.sets {
            text.push_str(&set.recall_by_tag());
        }
        if !self.names.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&self.names.to_markdown());
        }
        text
    }

    fn to_json(&self) -> Value {
        let rows = self.sets.iter().flat_map(|set| {
            set.trials.iter().map(|trial| {
                json!({
                    "set": set.name,
                    "tool": trial.tool.name().trim_matches('*'),
                    "wall_s": trial.walls,
                    "cpu_s": trial.cpu_s,
                    "matching_s": trial.matching_s,
                    "floor_ratio": set.floor_ratio(trial),
                    "peak_mib": trial.peak_mib,
                    "scores": trial.scores,
                    "failure": trial.failure,
                    "verdict": set.verdict(trial),
                })
            })
        });
        Value::Array(rows.chain(self.names.to_json()).collect())
    }
}

impl Measured {
    fn trial(&self, tool: Tool) -> Option<&Trial> {
        self.trials.iter().find(|trial| trial.tool == tool)
    }

    /// Wall time in multiples of the floor's.
    fn floor_ratio(&self, trial: &Trial) -> Option<f64> {
        let floor = self.trial(Tool::Floor)?.wall()?;
        Some(trial.wall()? / floor)
    }

    /// Whether ours reached its target; empty for the others.
    fn verdict(&self, trial: &Trial) -> String {
        if trial.tool != Tool::Ours {
            return String::new();
        }
        let Some(scores) = &trial.scores else {
            return "missed: no result".to_owned();
        };
        self.target.verdict(&Target {
            f1: Some(scores.usual.f1),
            auto_precision: scores.auto.map(|auto| auto.precision),
            auto_recall: scores.auto.map(|auto| auto.recall),
            floor_ratio: self.floor_ratio(trial),
            peak_mib: u32::try_from(trial.peak_mib).ok().map(f64::from),
        })
    }

    fn row(&self, trial: &Trial) -> String {
        let (set, tool) = (&self.name, trial.tool.name());
        if let Some(failure) = &trial.failure {
            let failure = failure.replace('|', "\\|");
            return format!("| {set} | {tool} | – | | | | | | | | {failure} |\n");
        }
        let seconds = |value: Option<f64>| value.map_or(String::new(), |it| format!("{it:.2}"));
        let part = |value: Option<f64>| value.map_or(String::new(), |it| format!("{it:.4}"));
        let scores = trial.scores.as_ref();
        let auto = |part: fn(&Quality) -> f64| scores.and_then(|it| it.auto.as_ref()).map(part);
        format!(
            "| {set} | {tool} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            seconds(trial.wall()),
            self.floor_ratio(trial)
                .map_or(String::new(), |ratio| format!("{ratio:.1}")),
            seconds(trial.matching_s),
            trial.peak_mib,
            part(scores.map(|it| it.usual.f1)),
            // Ours decides by itself; nobody chooses its threshold.
            part(scores.filter(|_| trial.tool.is_peer()).map(|it| it.best.f1)),
            part(auto(|auto| auto.precision)),
            part(auto(|auto| auto.recall)),
            self.verdict(trial),
        )
    }

    /// How much of each kind of pair ours finds, the least first.
    fn recall_by_tag(&self) -> String {
        let ours = self.trial(Tool::Ours).and_then(|ours| ours.scores.as_ref());
        let title = format!("What ours finds of {}", self.name);
        by_tag(&title, "Found", ours.map(|scores| &scores.recall_by_tag))
    }
}

/// How much of each kind of pair is right, the least first. Empty when there are no tags.
pub(super) fn by_tag(
    title: &str,
    column: &str,
    counts: Option<&BTreeMap<String, (usize, usize)>>,
) -> String {
    let Some(counts) = counts.filter(|counts| !counts.is_empty()) else {
        return String::new();
    };
    let mut tags: Vec<(&String, usize, usize)> = counts
        .iter()
        .map(|(tag, (found, all))| (tag, *found, *all))
        .collect();
    // By share, without dividing.
    tags.sort_by(|x, y| (x.1 * y.2, x.0).cmp(&(y.1 * x.2, y.0)));
    let mut text = format!(
        "\n{title}, by what was done to the pair:\n\n\
         | Tag | Pairs | {column} |\n|---|--:|--:|\n"
    );
    for (tag, found, all) in tags {
        // Tenths of a percent, rounded down: 100.0 means every one.
        let permille = found * 1000 / all.max(1);
        let (percent, tenths) = (permille / 10, permille % 10);
        // A string takes everything.
        let _ = writeln!(text, "| {tag} | {all} | {percent}.{tenths} % |");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Measured, Report};
    use crate::bench::{
        comparison::{
            targets::Target,
            tools::{Tool, Trial},
        },
        score::{Quality, Scores},
    };

    fn report() -> Report {
        let quality = Quality {
            rows: 10,
            right: 9,
            precision: 0.9,
            recall: 0.8,
            f1: 0.85,
        };
        let mut floor = Trial::new(Tool::Floor);
        floor.walls = vec![0.5, 0.4];
        let mut ours = Trial::new(Tool::Ours);
        ours.walls = vec![2.0];
        ours.peak_mib = 100;
        ours.scores = Some(Scores {
            usual: quality,
            best: quality,
            best_threshold: Some(0.5),
            auto: Some(quality),
            recall_by_tag: BTreeMap::from([
                ("typo".to_owned(), (9, 10)),
                ("script".to_owned(), (1, 3)),
            ]),
        });
        let mut peer = Trial::new(Tool::Splink);
        peer.failure = Some("ended after 900 s".to_owned());
        Report {
            sets: vec![Measured {
                name: "x".to_owned(),
                target: Target {
                    floor_ratio: Some(4.0),
                    ..Target::default()
                },
                trials: vec![floor, ours, peer],
            }],
            ..Report::default()
        }
    }

    #[test]
    fn a_row_has_the_ratio_to_the_floor_and_the_verdict() {
        let text = report().to_markdown();
        assert!(
            text.contains(
                "| x | **counterpart match** | 2.00 | 5.0 |  | 100 | 0.8500 |  | 0.9000 | 0.8000 \
                 | missed: 5.0 times the floor > 4 |"
            ),
            "{text}"
        );
        assert!(text.contains("| x | Splink 5, DuckDB | – | | | | | | | | ended after 900 s |"));
    }

    #[test]
    fn tags_stand_in_the_order_of_what_is_missed() {
        let text = report().to_markdown();
        let script = text.find("| script | 3 | 33.3 % |").expect("is there");
        let typo = text.find("| typo | 10 | 90.0 % |").expect("is there");
        assert!(script < typo);
    }

    #[test]
    fn programs_read_every_run() {
        let json = report().to_json();
        assert_eq!(json[0]["wall_s"], serde_json::json!([0.5, 0.4]));
        assert_eq!(json[1]["tool"], "counterpart match");
        assert_eq!(json[2]["failure"], "ended after 900 s");
    }
}
