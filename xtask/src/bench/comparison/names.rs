//! Pairs of full names: another question than files of people, with other peers.
//!
//! Every tool says of each pair how alike its names are. Ours also says from where on they are
//! one; for a peer that is chosen with the truth, which is more than its users can do.

mod quality;
mod sets;
mod table;
mod tools;

use std::io::{self, Write};

use serde_json::Value;

pub(super) use self::sets::is_any_in;
use self::{
    sets::PairSet,
    tools::{NameTool, NameTrial},
};
use super::{Arguments, peers, steps::Steps};
use crate::Error;

/// Sets and what came of them.
#[derive(Debug, Default)]
pub(super) struct NameReport {
    sets: Vec<Measured>,
}

#[derive(Debug)]
struct Measured {
    set: PairSet,
    trials: Vec<NameTrial>,
}

impl NameReport {
    pub(super) fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    pub(super) fn to_markdown(&self) -> String {
        table::to_markdown(&self.sets)
    }

    pub(super) fn to_json(&self) -> Vec<Value> {
        table::to_json(&self.sets)
    }
}

/// Runs every tool on every set of pairs that is wanted.
pub(super) fn compare(
    arguments: &Arguments,
    root: &std::path::Path,
    steps: &Steps,
) -> Result<NameReport, Error> {
    let sets = sets::prepare(arguments, root, steps)?;
    let mut report = NameReport::default();
    if sets.is_empty() {
        return Ok(report);
    }
    let not_installed = peers::install_name_matcher(root, &steps.python)?;
    let rounds = if arguments.quick { 1 } else { arguments.rounds };
    // The generated set is the first; what suited it is the threshold where nothing can be chosen.
    let mut thresholds = Vec::new();
    for set in sets {
        let mut trials: Vec<NameTrial> = NameTool::ALL
            .into_iter()
            // Where all pairs match that would say nothing.
            .filter(|tool| set.has_both || *tool != NameTool::Everything)
            .map(NameTrial::new)
            .collect();
        for trial in &mut trials {
            if trial.tool == NameTool::Nomenklatura {
                trial.failure.clone_from(&not_installed);
            }
        }
        for _ in 0..rounds {
            let start_cpu_s = tools::start_of_ours(&set, steps)?;
            for trial in &mut trials {
                if trial.failure.is_some() {
                    continue;
                }
                let known = thresholds
                    .iter()
                    .find(|(tool, _)| *tool == trial.tool)
                    .map(|(_, threshold)| *threshold);
                trial.run(&set, known, start_cpu_s, steps)?;
                // Progress; a closed stderr is no reason to stop.
                let _ = writeln!(io::stderr(), "{}: {}", set.name, trial.progress());
            }
        }
        if thresholds.is_empty() {
            let best = |trial: &NameTrial| Some((trial.tool, trial.threshold?));
            thresholds = trials.iter().filter_map(best).collect();
        }
        report.sets.push(Measured { set, trials });
    }
    Ok(report)
}
