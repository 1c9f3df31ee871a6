//! What is compared, and what came of it.

use std::ffi::OsString;

use serde::Deserialize;

use super::{sets::Set, steps::Steps};
use crate::{
    Error,
    bench::{
        process::{Ending, Measurement},
        score::Scores,
    },
};

/// A matcher, or the floor under them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    Floor,
    Ours,
    /// Ours, counting its own quality as well.
    OursWithTruth,
    Splink,
    RapidFuzz,
    Recordlinkage,
    HandRules,
    ExactEmail,
}

/// The package recordlinkage keeps every candidate in pandas; beyond this many rows it would take
/// the machine's memory before its time.
const MOST_ROWS_OF_RECORDLINKAGE: usize = 200_000;

impl Tool {
    pub(super) const ALL: [Self; 8] = [
        Self::Floor,
        Self::Ours,
        Self::OursWithTruth,
        Self::Splink,
        Self::RapidFuzz,
        Self::Recordlinkage,
        Self::HandRules,
        Self::ExactEmail,
    ];

    /// As the table has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor: join on e-mail",
            Self::Ours => "**counterpart match**",
            Self::OursWithTruth => "counterpart match --truth",
            Self::Splink => "Splink 5, DuckDB",
            Self::RapidFuzz => "RapidFuzz script",
            Self::Recordlinkage => "recordlinkage, ECM",
            Self::HandRules => "rules by hand",
            Self::ExactEmail => "equal e-mail",
        }
    }

    /// A peer's script.
    fn script(self) -> Option<&'static str> {
        match self {
            Self::Floor | Self::Ours | Self::OursWithTruth => None,
            Self::Splink => Some("splink_duckdb.py"),
            Self::RapidFuzz => Some("rapidfuzz_script.py"),
            Self::Recordlinkage => Some("recordlinkage_ecm.py"),
            Self::HandRules => Some("hand_rules.py"),
            Self::ExactEmail => Some("exact_email.py"),
        }
    }

    pub(super) fn is_peer(self) -> bool {
        self.script().is_some()
    }

    /// Its time is only of interest beside that of another tool.
    pub(super) fn is_run_once(self) -> bool {
        self == Self::OursWithTruth
    }

    /// Why the tool has nothing to do on the set, or cannot do it.
    fn unfit_for(self, set: &Set) -> Option<&'static str> {
        match self {
            Self::Floor | Self::ExactEmail if !set.has_emails => Some("there are no e-mails"),
            Self::Recordlinkage if set.rows > MOST_ROWS_OF_RECORDLINKAGE => {
                Some("it keeps all candidates in memory")
            }
            _ => None,
        }
    }

    fn command(self, set: &Set, steps: &Steps) -> Vec<OsString> {
        let (a, b) = (OsString::from(&set.a), OsString::from(&set.b));
        let pairs = OsString::from(steps.pairs_file());
        let word = |word: &str| OsString::from(word);
        let ours = || OsString::from(&steps.counterpart);
        match (self, self.script()) {
            (_, Some(script)) => vec![
                OsString::from(&steps.python),
                OsString::from(steps.scripts.join(script)),
                a,
                b,
                pairs,
            ],
            (Self::Floor, _) => {
                let xtask = OsString::from(&steps.xtask);
                vec![xtask, word("bench"), word("join"), a, b]
            }
            (Self::OursWithTruth, _) => {
                let truth = OsString::from(&set.truth);
                let mut command = vec![ours(), word("match"), a, b, word("--out"), pairs];
                command.extend([word("--json"), word("--truth"), truth]);
                command
            }
            _ => vec![
                ours(),
                word("match"),
                a,
                b,
                word("--out"),
                pairs,
                word("--json"),
            ],
        }
    }
}

/// What a peer says of itself.
#[derive(Debug, Deserialize)]
struct PeerNote {
    matching_s: f64,
    usual_threshold: f64,
}

/// The runs of one tool on one set.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub(super) tool: Tool,
    /// Wall time of each run, in seconds.
    pub(super) walls: Vec<f64>,
    /// Least processor time of a run, in seconds.
    pub(super) cpu_s: Option<f64>,
    /// Least time of a peer without Python's start and imports, in seconds.
    pub(super) matching_s: Option<f64>,
    /// Most resident memory of a run, in MiB.
    pub(super) peak_mib: u64,
    pub(super) scores: Option<Scores>,
    /// Why there is no result.
    pub(super) failure: Option<String>,
}

impl Trial {
    pub(super) fn new(tool: Tool) -> Self {
        Self {
            tool,
            walls: Vec::new(),
            cpu_s: None,
            matching_s: None,
            peak_mib: 0,
            scores: None,
            failure: None,
        }
    }

    /// Shortest wall time, in seconds.
    pub(super) fn wall(&self) -> Option<f64> {
        self.walls.iter().copied().reduce(f64::min)
    }

    /// Runs the tool once more; its pairs are scored the first time.
    pub(super) fn run(&mut self, set: &Set, steps: &Steps) -> Result<(), Error> {
        if let Some(reason) = self.tool.unfit_for(set) {
            self.failure = Some(format!("not run: {reason}"));
            return Ok(());
        }
        let measured = steps.measure(&self.tool.command(set, steps))?;
        if let Some(failure) = failure_of(&measured, steps.timeout) {
            self.failure = Some(failure);
            return Ok(());
        }
        self.walls.push(measured.wall_s);
        self.cpu_s = Some(least(self.cpu_s, measured.cpu_s));
        self.peak_mib = self.peak_mib.max(measured.peak_mib);
        let note = self.note(&measured.stdout)?;
        if let Some(note) = &note {
            self.matching_s = Some(least(self.matching_s, note.matching_s));
        }
        let writes_pairs = !matches!(self.tool, Tool::Floor | Tool::OursWithTruth);
        if writes_pairs && self.scores.is_none() {
            let threshold = note.map(|note| note.usual_threshold);
            self.scores = Some(steps.score(&steps.pairs_file(), set, threshold)?);
        }
        Ok(())
    }

    fn note(&self, stdout: &str) -> Result<Option<PeerNote>, Error> {
        if !self.tool.is_peer() {
            return Ok(None);
        }
        let last = stdout.trim_end().lines().next_back().unwrap_or_default();
        serde_json::from_str(last)
            .map(Some)
            .map_err(|error| Error::Malformed {
                path: format!("the output of {}", self.tool.name()),
                message: error.to_string(),
            })
    }

    /// One line about the last run.
    pub(super) fn progress(&self) -> String {
        match (&self.failure, self.walls.last()) {
            (Some(failure), _) => format!("{}: {failure}", self.tool.name()),
            (None, Some(wall)) => format!("{}: {wall:.2} s", self.tool.name()),
            (None, None) => self.tool.name().to_owned(),
        }
    }
}

/// The lesser of what is known and what is new.
pub(super) fn least(known: Option<f64>, new: f64) -> f64 {
    known.map_or(new, |known| known.min(new))
}

/// Why there is no result, in a few words.
pub(super) fn failure_of(measured: &Measurement, timeout: u64) -> Option<String> {
    match measured.ending {
        Ending::Done => None,
        Ending::TimedOut => Some(format!("ended after {timeout} s")),
        Ending::Failed => {
            let last = measured.stderr.lines().next_back().unwrap_or("no message");
            Some(format!("failed: {}", last.trim()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Tool, Trial, failure_of};
    use crate::bench::process::{Ending, Measurement};

    #[test]
    fn the_shortest_run_counts() {
        let mut trial = Trial::new(Tool::Floor);
        assert_eq!(trial.wall(), None);
        trial.walls = vec![2.0, 1.0, 3.0];
        assert_eq!(trial.wall(), Some(1.0));
    }

    #[test]
    fn a_failure_says_what_the_tool_said_last() {
        let mut measured = Measurement {
            ending: Ending::Failed,
            wall_s: 1.0,
            cpu_s: 1.0,
            peak_mib: 1,
            stdout: String::new(),
            stderr: "Traceback\nMemoryError".to_owned(),
        };
        assert_eq!(
            failure_of(&measured, 5).as_deref(),
            Some("failed: MemoryError")
        );
        measured.ending = Ending::TimedOut;
        assert_eq!(failure_of(&measured, 5).as_deref(), Some("ended after 5 s"));
        measured.ending = Ending::Done;
        assert_eq!(failure_of(&measured, 5), None);
    }

    #[test]
    fn a_peer_tells_its_time_and_threshold_in_its_last_line() {
        let trial = Trial::new(Tool::Splink);
        let note = trial
            .note("noise\n{\"matching_s\": 1.5, \"usual_threshold\": 4}\n")
            .expect("is well-formed")
            .expect("is a peer");
        assert!((note.matching_s - 1.5).abs() < 1e-9);
        assert!(trial.note("nothing").is_err());
    }
}
