//! Who judges pairs of names, and what came of it.

use std::{collections::BTreeMap, ffi::OsString, path::Path};

use serde::Deserialize;

use super::{quality, sets::PairSet};
use crate::{
    Error,
    bench::{
        comparison::{
            steps::Steps,
            tools::{failure_of, least},
        },
        process::Measurement,
        score::Quality,
    },
};

/// A judge of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameTool {
    /// Calls every pair one: what an F1 is worth on a set.
    Everything,
    Ours,
    Nomenklatura,
    TokenSortRatio,
    TokenSetRatio,
    WRatio,
    JaroWinkler,
}

impl NameTool {
    pub(super) const ALL: [Self; 7] = [
        Self::Everything,
        Self::Ours,
        Self::Nomenklatura,
        Self::TokenSortRatio,
        Self::TokenSetRatio,
        Self::WRatio,
        Self::JaroWinkler,
    ];

    /// As the table has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything is a match",
            Self::Ours => "**counterpart match-names**",
            Self::Nomenklatura => "nomenklatura, logic-v2",
            Self::TokenSortRatio => "RapidFuzz token_sort_ratio",
            Self::TokenSetRatio => "RapidFuzz token_set_ratio",
            Self::WRatio => "RapidFuzz WRatio",
            Self::JaroWinkler => "RapidFuzz jaro_winkler",
        }
    }

    /// A peer's script, and what it is told besides the files.
    fn script(self) -> Option<(&'static str, Option<&'static str>)> {
        let scorer = |name| Some(("name_scorers.py", Some(name)));
        match self {
            Self::Everything | Self::Ours => None,
            Self::Nomenklatura => Some(("name_nomenklatura.py", None)),
            Self::TokenSortRatio => scorer("token_sort_ratio"),
            Self::TokenSetRatio => scorer("token_set_ratio"),
            Self::WRatio => scorer("WRatio"),
            Self::JaroWinkler => scorer("jaro_winkler"),
        }
    }

    fn command(self, pairs: &Path, out: &Path, steps: &Steps) -> Vec<OsString> {
        let (pairs, out) = (OsString::from(pairs), OsString::from(out));
        match self.script() {
            Some((script, word)) => {
                let script = OsString::from(steps.scripts.join(script));
                let mut command = vec![OsString::from(&steps.python), script, pairs, out];
                command.extend(word.map(OsString::from));
                command
            }
            None => vec![
                OsString::from(&steps.counterpart),
                OsString::from("match-names"),
                pairs,
                OsString::from("--out"),
                out,
            ],
        }
    }
}

/// Seconds of processor time that ours takes to start, judge one pair and end.
pub(super) fn start_of_ours(set: &PairSet, steps: &Steps) -> Result<f64, Error> {
    let command = NameTool::Ours.command(&set.first_pair, &steps.pairs_file(), steps);
    let measured = steps.measure(&command)?;
    match failure_of(&measured, steps.timeout) {
        None => Ok(measured.cpu_s),
        Some(message) => Err(Error::Failed {
            command: format!("{command:?}"),
            message,
        }),
    }
}

/// What a peer says of itself.
#[derive(Debug, Deserialize)]
struct PeerNote {
    judging_cpu_s: f64,
}

/// The runs of one tool on one set.
#[derive(Debug, Clone)]
pub(super) struct NameTrial {
    pub(super) tool: NameTool,
    /// Least seconds of processor time for judging all pairs, without the start of the process.
    pub(super) judging_cpu_s: Option<f64>,
    /// Shortest wall time of the whole process, in seconds.
    pub(super) wall_s: Option<f64>,
    /// Most resident memory of a run, in MiB.
    pub(super) peak_mib: u64,
    pub(super) quality: Option<Quality>,
    /// Score from which a pair counts as one: a peer's. Ours decides by itself.
    pub(super) threshold: Option<f64>,
    /// Pairs judged rightly, and all, by tag.
    pub(super) right_by_tag: BTreeMap<String, (usize, usize)>,
    /// Why there is no result.
    pub(super) failure: Option<String>,
}

impl NameTrial {
    pub(super) fn new(tool: NameTool) -> Self {
        Self {
            tool,
            judging_cpu_s: None,
            wall_s: None,
            peak_mib: 0,
            quality: None,
            threshold: None,
            right_by_tag: BTreeMap::new(),
            failure: None,
        }
    }

    /// Judges the set once more; verdicts are counted the first time. `known` is the threshold
    /// for a set that has none of its own to be chosen.
    pub(super) fn run(
        &mut self,
        set: &PairSet,
        known: Option<f64>,
        start_cpu_s: f64,
        steps: &Steps,
    ) -> Result<(), Error> {
        if self.tool == NameTool::Everything {
            self.count(set, set.truth.iter().map(|_| true).collect());
            return Ok(());
        }
        let out = steps.pairs_file();
        let measured = steps.measure(&self.tool.command(&set.pairs, &out, steps))?;
        self.failure = failure_of(&measured, steps.timeout);
        if self.failure.is_some() {
            return Ok(());
        }
        let judging = match self.tool.script() {
            Some(_) => self.note(&measured)?.judging_cpu_s,
            None => (measured.cpu_s - start_cpu_s).max(0.0),
        };
        self.judging_cpu_s = Some(least(self.judging_cpu_s, judging));
        self.wall_s = Some(least(self.wall_s, measured.wall_s));
        self.peak_mib = self.peak_mib.max(measured.peak_mib);
        if self.quality.is_some() {
            return Ok(());
        }
        if self.tool == NameTool::Ours {
            self.count(
                set,
                read_column(&out, set, "_match", |cell| cell == "true")?,
            );
            return Ok(());
        }
        let scores = read_column(&out, set, "score", |cell| {
            cell.parse().unwrap_or(f64::NEG_INFINITY)
        })?;
        self.threshold = if set.has_both {
            quality::best(&scores, &set.truth).map(|(_, threshold)| threshold)
        } else {
            known
        };
        if let Some(threshold) = self.threshold {
            let verdicts = scores.iter().map(|score| *score >= threshold).collect();
            self.count(set, verdicts);
        }
        Ok(())
    }

    fn count(&mut self, set: &PairSet, verdicts: Vec<bool>) {
        for ((tags, truth), verdict) in set.tags.iter().zip(&set.truth).zip(&verdicts) {
            for tag in tags.split_whitespace() {
                let counts = self.right_by_tag.entry(tag.to_owned()).or_default();
                counts.0 += usize::from(verdict == truth);
                counts.1 += 1;
            }
        }
        self.quality = Some(quality::of_verdicts(verdicts.into_iter(), &set.truth));
    }

    fn note(&self, measured: &Measurement) -> Result<PeerNote, Error> {
        let last = measured.stdout.trim_end().lines().next_back();
        serde_json::from_str(last.unwrap_or_default()).map_err(|error| Error::Malformed {
            path: format!("the output of {}", self.tool.name()),
            message: error.to_string(),
        })
    }

    /// One line about the last run.
    pub(super) fn progress(&self) -> String {
        let name = self.tool.name();
        match (&self.failure, self.wall_s) {
            (Some(failure), _) => format!("{name}: {failure}"),
            (None, Some(wall)) => format!("{name}: {wall:.2} s"),
            (None, None) => name.to_owned(),
        }
    }
}

/// The cells of one column of what a tool wrote: one for every pair, or it is no answer.
fn read_column<T>(
    path: &Path,
    set: &PairSet,
    column: &str,
    read: impl Fn(&str) -> T,
) -> Result<Vec<T>, Error> {
    let malformed = |message: String| Error::Malformed {
        path: path.display().to_string(),
        message,
    };
    let unreadable = |error: csv::Error| malformed(error.to_string());
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    let headers = reader.headers().map_err(unreadable)?;
    let place = headers
        .iter()
        .position(|header| header == column)
        .ok_or_else(|| malformed(format!("it has no column {column}")))?;
    let mut cells = Vec::with_capacity(set.truth.len());
    for row in reader.records() {
        cells.push(read(row.map_err(unreadable)?.get(place).unwrap_or("")));
    }
    if cells.len() == set.truth.len() {
        return Ok(cells);
    }
    let (has, asked) = (cells.len(), set.truth.len());
    Err(malformed(format!("it has {has} rows for {asked} pairs")))
}
