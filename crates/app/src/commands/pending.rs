//! `counterpart pending`: changes that wait for a second person.

use std::fmt::Write as _;

use clap::Subcommand;
use counterpart_model::{ChangeSet, Code, PageRequest, PendingChangeSet, PendingState};
use counterpart_service::mapping::{EditScope, PendingPreview, PendingView, UndoLine, UndoOutcome};
use counterpart_service::{Actor, Result, Service};
use serde::Serialize;

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// How many are listed, and how many lines and conflicts are printed.
const SHOWN: u32 = 100;

/// Changes that wait for a second person.
#[derive(Debug, Subcommand)]
pub(crate) enum PendingCommand {
    /// List those that wait; exit 2 when there are any
    List {
        /// Those about which somebody has decided too
        #[arg(long)]
        all: bool,
    },
    /// Say what approving one would do now, and what is in its way
    Show {
        /// Its number
        number: u64,
    },
    /// Approve one, and apply it against what stands now
    Approve {
        /// Its number
        number: u64,
        /// Apply what nothing is in the way of, and leave the rest for good
        #[arg(long)]
        rest: bool,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
    /// Reject one
    Reject {
        /// Its number
        number: u64,
        /// Why, for whoever wanted it
        #[arg(long)]
        reason: String,
    },
    /// Take back what was wanted from this command line
    Withdraw {
        /// Its number
        number: u64,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
}

/// One of the list, with the names to read it by.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    pending: PendingChangeSet,
    wanted_by: String,
    decided_by: Option<String>,
}

impl From<PendingView> for Listed {
    fn from(view: PendingView) -> Self {
        Self {
            wanted_by: view.maker.to_string(),
            decided_by: view.decided_by.as_ref().map(ToString::to_string),
            pending: view.pending,
        }
    }
}

/// What approving would do.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    listed: Listed,
    /// How many lines would be applied.
    applicable: u64,
    /// How many lines are true already.
    already: u64,
    /// How many lines something is in the way of.
    conflicts: u64,
    /// What is in the way, line by line, at most 100.
    in_the_way: Vec<Conflict>,
}

#[derive(Serialize)]
struct Conflict {
    /// The line's place in the change, from 0.
    line: u64,
    cause: &'static str,
    detail: String,
    /// The change set that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<u64>,
}

/// What came of approving.
#[derive(Serialize)]
struct Approval {
    /// The number under which it waited.
    number: u64,
    /// The change set that came of it; nothing when something was in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    change_set: Option<ChangeSet>,
    /// How many lines were left.
    skipped: u64,
    /// What is in the way, line by line, at most 100.
    in_the_way: Vec<Conflict>,
}

pub(crate) async fn run(
    global: &Global,
    command: PendingCommand,
    output: Output,
) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    // There may be no server that looks at the clock.
    service.expire_pending().await?;
    match command {
        PendingCommand::List { all } => list(&service, &actor, all, output).await,
        PendingCommand::Show { number } => show(&service, &actor, number, output).await,
        PendingCommand::Approve {
            number,
            rest,
            reason,
        } => approve(&service, &actor, (number, rest, reason), output).await,
        PendingCommand::Reject { number, reason } => {
            let rejected = service.reject_pending(&actor, number, reason).await?;
            output.result(&Listed::from(rejected), |it| {
                format!("change {} rejected", it.pending.number)
            });
            Ok(Ending::Done)
        }
        PendingCommand::Withdraw { number, reason } => {
            let withdrawn = service.withdraw_pending(&actor, number, reason).await?;
            output.result(&Listed::from(withdrawn), |it| {
                format!("change {} withdrawn", it.pending.number)
            });
            Ok(Ending::Done)
        }
    }
}

async fn list(service: &Service, actor: &Actor, all: bool, output: Output) -> Result<Ending> {
    let state = (!all).then_some(PendingState::Open);
    let found = service
        .list_pending(actor, state, &PageRequest::first(SHOWN))
        .await?;
    let more = found.next.is_some();
    let listed: Vec<Listed> = found.items.into_iter().map(Listed::from).collect();
    output.result(&listed, |listed| {
        if listed.is_empty() {
            return "nothing waits".to_owned();
        }
        let rows: Vec<Vec<String>> = listed.iter().map(row).collect();
        table(
            &["NUMBER", "LINES", "STATE", "WANTED BY", "UNTIL", "WHY"],
            &rows,
        )
    });
    if more {
        output.note(format!("these are the newest {SHOWN}"));
    }
    let waits = listed
        .iter()
        .any(|it| it.pending.state == PendingState::Open);
    Ok(if waits {
        Ending::Attention
    } else {
        Ending::Done
    })
}

fn row(listed: &Listed) -> Vec<String> {
    let pending = &listed.pending;
    vec![
        pending.number.to_string(),
        pending.line_count.to_string(),
        pending.state.as_str().to_owned(),
        listed.wanted_by.clone(),
        pending.expires_at.to_string(),
        pending.reason.clone().unwrap_or_default(),
    ]
}

async fn show(service: &Service, actor: &Actor, number: u64, output: Output) -> Result<Ending> {
    let page = PageRequest::first(SHOWN);
    let PendingPreview {
        view,
        applicable,
        already,
        conflicts,
        ..
    } = service.preview_pending(actor, number, &page).await?;
    let shown = Shown {
        listed: view.into(),
        applicable,
        already,
        conflicts,
        in_the_way: in_the_way(service, actor, number).await?,
    };
    output.result(&shown, |shown| {
        let pending = &shown.listed.pending;
        let mut text = format!(
            "change {}, {}, wanted by {}: {}\n{} lines would be applied, {} are true already, {} \
             clash",
            pending.number,
            pending.state.as_str(),
            shown.listed.wanted_by,
            pending.reason.as_deref().unwrap_or("no reason given"),
            shown.applicable,
            shown.already,
            shown.conflicts
        );
        tell(&mut text, &shown.in_the_way);
        text
    });
    Ok(if shown.conflicts > 0 {
        Ending::Attention
    } else {
        Ending::Done
    })
}

async fn approve(
    service: &Service,
    actor: &Actor,
    (number, rest, reason): (u64, bool, Option<String>),
    output: Output,
) -> Result<Ending> {
    let scope = if rest {
        EditScope::Clear
    } else {
        EditScope::Everything
    };
    // Asked first, because afterwards what was approved stands in its own way.
    let in_the_way = in_the_way(service, actor, number).await?;
    let approval = match service.approve_pending(actor, number, scope, reason).await {
        Ok(approved) => Approval {
            number,
            change_set: Some(approved.change_set),
            skipped: approved.skipped,
            in_the_way,
        },
        Err(error) if error.code() == Code::PendingConflict => Approval {
            number,
            change_set: None,
            skipped: 0,
            in_the_way,
        },
        Err(error) => return Err(error),
    };
    output.result(&approval, told);
    Ok(if approval.in_the_way.is_empty() {
        Ending::Done
    } else {
        Ending::Attention
    })
}

async fn in_the_way(service: &Service, actor: &Actor, number: u64) -> Result<Vec<Conflict>> {
    let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let lines = service.pending_conflicts(actor, number, most).await?;
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

fn told(approval: &Approval) -> String {
    let number = approval.number;
    let mut text = match &approval.change_set {
        Some(applied) => format!(
            "change {number} approved and applied as change set {}: {} changes",
            applied.number, applied.line_count
        ),
        None => format!("change {number} was not applied: what was changed since is in the way"),
    };
    if approval.skipped > 0 {
        // Writing to a string cannot fail.
        let _ = write!(text, ", {} left", approval.skipped);
    }
    tell(&mut text, &approval.in_the_way);
    if approval.change_set.is_none() {
        let _ = write!(
            text,
            "\napprove what nothing is in the way of: counterpart pending approve {number} --rest"
        );
    }
    text
}

fn tell(text: &mut String, conflicts: &[Conflict]) {
    for conflict in conflicts {
        let by = conflict
            .changed_by
            .map_or_else(String::new, |number| format!(" (change set {number})"));
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  line {}: {}{by}", conflict.line, conflict.detail);
    }
}
