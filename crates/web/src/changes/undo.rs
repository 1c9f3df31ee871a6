//! Undoing a change set: at once when nothing is in the way, else behind a page that shows what is.

use askama::Template;
use counterpart_model::{Code, OrganizationId, PageRequest};
use counterpart_service::mapping::{UndoLine, UndoOutcome, UndoScope, Unnamed};
use serde::Deserialize;

use super::tell::{Maker, Row as LineRow, Teller, maker};
use crate::problem::Answer;
use crate::request::{At, Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::words::sentence;

/// How many conflicts the page shows.
const ROWS: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Input {
    /// `rest` to leave what something is in the way of.
    #[serde(default)]
    scope: String,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "changes/undo.html")]
struct Page {
    shell: Shell,
    number: u64,
    path: String,
    conflicts: u64,
    undoable: u64,
    shown: u64,
    may_edit: bool,
    rows: Vec<Row>,
}

/// One line that cannot be undone.
struct Row {
    line: LineRow,
    why: String,
    maker: Option<Maker>,
}

/// `GET /o/{organization}/changes/{number}/undo`
pub(super) async fn show(portal: Portal, At((_, number)): At<(OrganizationId, u64)>) -> Answer {
    let counts = portal
        .service
        .preview_undo(&portal.actor, number, &PageRequest::first(1))
        .await?;
    let conflicts = portal
        .service
        .undo_conflicts(&portal.actor, number, ROWS)
        .await?;
    let mut unnamed = Unnamed::default();
    for conflict in &conflicts {
        unnamed.add_lines(std::slice::from_ref(&conflict.line));
    }
    let names = portal.service.names(&portal.actor, &unnamed).await?;
    let teller = Teller {
        names: &names,
        times: &portal.times,
    };
    let rows: Vec<Row> = conflicts
        .iter()
        .map(|line| row(&portal, &teller, line))
        .collect();
    show_page(&Page {
        shell: portal
            .shell(Place::Changes, &format!("Undo change {number}"))
            .await?,
        number,
        path: portal.path(&format!("/changes/{number}")),
        conflicts: counts.conflicts,
        undoable: counts.undoable,
        shown: rows.len() as u64,
        may_edit: portal.may_edit(),
        rows,
    })
}

fn row(portal: &Portal, teller: &Teller<'_>, line: &UndoLine) -> Row {
    let (why, maker) = match &line.outcome {
        UndoOutcome::Conflict(conflict) => (
            sentence(&conflict.detail),
            conflict.changed_by.as_ref().map(|view| maker(portal, view)),
        ),
        UndoOutcome::Undone | UndoOutcome::Already => (String::new(), None),
    };
    Row {
        line: teller.line(&line.line),
        why,
        maker,
    }
}

/// `POST /o/{organization}/changes/{number}/undo`
pub(super) async fn undo(
    portal: Portal,
    At((_, number)): At<(OrganizationId, u64)>,
    Sent(input): Sent<Input>,
) -> Answer {
    let scope = if input.scope == "rest" {
        UndoScope::Rest
    } else {
        UndoScope::Everything
    };
    let reason = Some(input.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let undone = portal
        .service
        .undo(&portal.actor, number, scope, reason)
        .await;
    match undone {
        Ok(undone) => {
            let path = portal.path(&format!("/changes/{}", undone.change_set.number));
            let left = undone.skipped.to_string();
            portal.go(&address(&path, &[("left", &left)]))
        }
        Err(error) if matches!(error.code(), Code::ChangeSetConflict | Code::ChangeSetEmpty) => {
            portal.go(&portal.path(&format!("/changes/{number}/undo")))
        }
        Err(error) => Err(error.into()),
    }
}
