//! `cargo xtask bench match`: ours and other matchers on the same files, in one run.
//!
//! Every set is matched by every tool in turn, round after round, so that a busy minute of the
//! machine hits them all. Each run is a process of its own that is measured from outside; the
//! pairs it writes are scored by one function for all.
//!
//! Pairs of full names alone come last, with a table of their own: [`names`].

mod names;
mod peers;
mod report;
mod sets;
mod steps;
mod targets;
mod tools;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Args, builder::BoolishValueParser};

use self::{
    report::Report,
    sets::Set,
    steps::Steps,
    tools::{Tool, Trial},
};
use crate::Error;

/// What is run, how often, on what.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How often every tool matches every set; the shortest time counts
    #[arg(long, env = "ROUNDS", value_name = "N", default_value_t = 3,
          value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// One round, and no set of a million
    #[arg(long, env = "QUICK", value_parser = BoolishValueParser::new())]
    quick: bool,
    /// Folder with more sets: `X_a.csv`, `X_b.csv` and `X_truth.csv`, or a folder with `a.csv`,
    /// `b.csv` and `truth.csv`; or a CSV file with pairs of names
    #[arg(long, env = "DATASETS", value_name = "DIR")]
    datasets: Option<PathBuf>,
    /// Only the sets whose names have one of these words, separated by commas
    #[arg(long, env = "SETS", value_name = "WORDS", value_delimiter = ',')]
    sets: Vec<String>,
    /// Seed of the generated sets
    #[arg(long, env = "SEED", value_name = "S", default_value_t = 11)]
    seed: u64,
    /// Seconds after which a run is ended
    #[arg(long, env = "TIMEOUT", value_name = "SECONDS", default_value_t = 900)]
    timeout: u64,
    /// The binary that is measured
    #[arg(
        long,
        value_name = "FILE",
        default_value = "target/release/counterpart"
    )]
    counterpart: PathBuf,
}

/// A peer is not run more than once on sets from this size on: it would take an hour.
const MANY_ROWS: usize = 500_000;

/// Runs all, prints the table and writes `results.md` and `results.json`.
pub(crate) fn run(
    arguments: &Arguments,
    root: &Path,
    output: &mut impl Write,
) -> Result<(), Error> {
    let folder = root.join("target/bench-match");
    let steps = Steps {
        xtask: std::env::current_exe().map_err(|source| Error::Read {
            path: "the path of this program".to_owned(),
            source,
        })?,
        counterpart: root.join(&arguments.counterpart),
        python: peers::install(root, &folder)?,
        scripts: root.join("scripts/bench-match"),
        timeout: arguments.timeout,
        folder,
    };
    let sets = sets::prepare(arguments, root, &steps)?;
    let mut report = Report::default();
    for set in &sets {
        report.add_set(set, measure(arguments, set, &steps)?);
        // Written after each set, so that an hour's work is not lost.
        report.write(&steps.folder)?;
    }
    report.names = names::compare(arguments, root, &steps)?;
    report.write(&steps.folder)?;
    output.write_all(report.to_markdown().as_bytes())?;
    Ok(())
}

/// Runs every tool on one set.
fn measure(arguments: &Arguments, set: &Set, steps: &Steps) -> Result<Vec<Trial>, Error> {
    let mut trials: Vec<Trial> = Tool::ALL.into_iter().map(Trial::new).collect();
    let rounds = if arguments.quick { 1 } else { arguments.rounds };
    for round in 0..rounds {
        for trial in &mut trials {
            let once = trial.tool.is_run_once() || (trial.tool.is_peer() && set.rows >= MANY_ROWS);
            if trial.failure.is_some() || (once && round > 0) {
                continue;
            }
            trial.run(set, steps)?;
            // Progress; a closed stderr is no reason to stop.
            let _ = writeln!(io::stderr(), "{}: {}", set.name, trial.progress());
        }
    }
    Ok(trials)
}
