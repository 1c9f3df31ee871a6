//! `counterpart undo`: a change set, by a new one.

use std::fmt::Write as _;

use clap::Args;
use counterpart_model::{ChangeSet, Code};
use counterpart_service::mapping::{UndoLine, UndoOutcome, UndoScope, Undone};
use counterpart_service::{Actor, Result, Service};
use serde::Serialize;

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::wiring;

/// How many conflicts are printed.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// Which change set; the newest that is not undone without it
    number: Option<u64>,
    /// Undo what nothing is in the way of, and leave the rest
    #[arg(long)]
    rest: bool,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// What came of it.
#[derive(Serialize)]
struct Outcome {
    /// Which change set was to be undone.
    number: u64,
    /// The change set that undid it; nothing when something was in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_by: Option<ChangeSet>,
    /// How many lines were left.
    skipped: u64,
    /// What is in the way, line by line, at most 50.
    conflicts: Vec<Conflict>,
}

#[derive(Serialize)]
struct Conflict {
    /// The line's place in the change set, from 0.
    line: u64,
    cause: &'static str,
    detail: String,
    /// The change set that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<u64>,
}

pub(crate) async fn run(global: &Global, args: UndoArgs, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let number = match args.number {
        Some(number) => number,
        None => service.newest_to_undo(&actor).await?.number,
    };
    let scope = if args.rest {
        UndoScope::Rest
    } else {
        UndoScope::Everything
    };
    // Asked first, because afterwards what was undone is a change of its own.
    let conflicts = conflicts(&service, &actor, number).await?;
    let outcome = match service.undo(&actor, number, scope, args.reason).await {
        Ok(Undone {
            change_set,
            skipped,
        }) => Outcome {
            number,
            undone_by: Some(change_set),
            skipped,
            conflicts,
        },
        Err(error) if error.code() == Code::ChangeSetConflict => Outcome {
            number,
            undone_by: None,
            skipped: 0,
            conflicts,
        },
        Err(error) => return Err(error),
    };
    output.result(&outcome, told);
    Ok(if outcome.conflicts.is_empty() {
        Ending::Done
    } else {
        Ending::Attention
    })
}

async fn conflicts(service: &Service, actor: &Actor, number: u64) -> Result<Vec<Conflict>> {
    let lines = service.undo_conflicts(actor, number, SHOWN).await?;
    Ok(lines.into_iter().filter_map(conflict).collect())
}

fn conflict(line: UndoLine) -> Option<Conflict> {
    let UndoOutcome::Conflict(conflict) = line.outcome else {
        return None;
    };
    Some(Conflict {
        line: line.ordinal,
        cause: conflict.cause.as_str(),
        detail: conflict.detail,
        changed_by: conflict.changed_by.map(|view| view.change_set.number),
    })
}

fn told(outcome: &Outcome) -> String {
    let number = outcome.number;
    let mut text = match &outcome.undone_by {
        Some(undo) => format!(
            "change set {number} undone by change set {}: {} changes",
            undo.number, undo.line_count
        ),
        None => format!("change set {number} was not undone: later changes are in the way"),
    };
    if outcome.skipped > 0 {
        // Writing to a string cannot fail.
        let _ = write!(text, ", {} left", outcome.skipped);
    }
    for conflict in &outcome.conflicts {
        let by = conflict
            .changed_by
            .map_or_else(String::new, |number| format!(" (change set {number})"));
        let _ = write!(text, "\n  line {}: {}{by}", conflict.line, conflict.detail);
    }
    if outcome.undone_by.is_none() {
        let _ = write!(
            text,
            "\nundo what nothing is in the way of: counterpart undo {number} --rest"
        );
    }
    text
}
