//! `/o/{organization}/changes/waiting/{number}`: what waits, line by line, and what is in its way.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::OrganizationId;
use counterpart_service::Kind;
use counterpart_service::mapping::{PendingPreview, UndoLine, UndoOutcome, Unnamed};
use serde::Deserialize;

use super::state;
use crate::changes::tell::{Maker, Row as LineRow, Teller, maker};
use crate::form::FormProblems;
use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::{Asked, At};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::Moment;
use crate::words::{Tone, count, sentence};

const ROWS: u32 = 100;

#[derive(Debug, Default, Deserialize)]
pub(in crate::changes) struct Query {
    #[serde(default)]
    after: String,
    /// Whether whoever looks has just wanted the change.
    #[serde(default)]
    kept: bool,
}

#[derive(Template)]
#[template(path = "changes/waiting_one.html")]
struct Page {
    shell: Shell,
    number: u64,
    path: String,
    reason: String,
    lines: String,
    by: String,
    at: Moment,
    until: Moment,
    undoes: Option<u64>,
    word: &'static str,
    tone: Tone,
    waits: bool,
    kept: bool,
    ending: Option<Ended>,
    applicable: u64,
    already: u64,
    conflicts: u64,
    may: May,
    rows: Vec<Row>,
    form: FormProblems,
    paging: Paging,
}

/// What whoever looks may do.
struct May {
    decide: bool,
    withdraw: bool,
    /// Why they may not decide.
    why_not: Option<String>,
}

/// How it was decided.
struct Ended {
    by: Option<String>,
    at: Moment,
    reason: Option<String>,
    change_set: Option<u64>,
}

struct Row {
    line: LineRow,
    /// What was changed since, and is in the way.
    why: String,
    maker: Option<Maker>,
    already: bool,
}

/// `GET /o/{organization}/changes/waiting/{number}`
pub(in crate::changes) async fn show(
    portal: Portal,
    At((_, number)): At<(OrganizationId, u64)>,
    Asked(query): Asked<Query>,
) -> Answer {
    let form = FormProblems::default();
    page(&portal, StatusCode::OK, number, &query, form).await
}

/// The page, with what is wrong with the form that was just sent.
pub(super) async fn page(
    portal: &Portal,
    status: StatusCode,
    number: u64,
    query: &Query,
    form: FormProblems,
) -> Answer {
    let preview = portal
        .service
        .preview_pending(&portal.actor, number, &page_after(&query.after, ROWS))
        .await?;
    let rows = rows(portal, &preview).await?;
    let pending = &preview.view.pending;
    let decides = portal.service.may_decide(&portal.actor, pending);
    let withdraws = portal.service.may_withdraw(&portal.actor, pending);
    let waits = pending.waits_at(portal.service.now());
    let may = May {
        decide: decides.is_ok(),
        withdraw: withdraws.is_ok(),
        // That it is decided already, the page says itself.
        why_not: decides
            .err()
            .filter(|error| waits && error.kind() == Kind::Forbidden)
            .map(|error| sentence(error.detail())),
    };
    let (word, tone) = state(pending.state, waits);
    let path = portal.path(&format!("/changes/waiting/{number}"));
    let decided_by = preview.view.decided_by.as_ref().map(ToString::to_string);
    let ending = pending.ending.clone().map(|ending| Ended {
        by: decided_by,
        at: portal.times.moment(ending.at),
        reason: ending.reason,
        change_set: ending.change_set,
    });
    let page = Page {
        shell: portal
            .shell(Place::Changes, &format!("Waiting change {number}"))
            .await?,
        number,
        reason: sentence(pending.reason.as_deref().unwrap_or("No reason was given")),
        lines: count(pending.line_count, "line", "lines"),
        by: preview.view.maker.to_string(),
        at: portal.times.moment(pending.created_at),
        until: portal.times.moment(pending.expires_at),
        undoes: pending.undoes,
        word,
        tone,
        waits,
        kept: query.kept,
        ending,
        applicable: preview.applicable,
        already: preview.already,
        conflicts: preview.conflicts,
        may,
        rows,
        form,
        paging: Paging::new(&path, &[], &query.after, preview.lines.next),
        path,
    };
    show_with(status, &page)
}

async fn rows(
    portal: &Portal,
    preview: &PendingPreview,
) -> Result<Vec<Row>, crate::problem::Problem> {
    let mut unnamed = Unnamed::default();
    for line in &preview.lines.items {
        unnamed.add_lines(std::slice::from_ref(&line.line));
    }
    let names = portal.service.names(&portal.actor, &unnamed).await?;
    let teller = Teller {
        names: &names,
        times: &portal.times,
    };
    let rows = preview.lines.items.iter();
    Ok(rows.map(|line| row(portal, &teller, line)).collect())
}

fn row(portal: &Portal, teller: &Teller<'_>, line: &UndoLine) -> Row {
    let conflict = match &line.outcome {
        UndoOutcome::Conflict(conflict) => Some(conflict),
        UndoOutcome::Undone | UndoOutcome::Already => None,
    };
    Row {
        line: teller.line(&line.line),
        why: conflict.map_or_else(String::new, |it| sentence(&it.detail)),
        maker: conflict
            .and_then(|it| it.changed_by.as_ref())
            .map(|view| maker(portal, view)),
        already: matches!(line.outcome, UndoOutcome::Already),
    }
}
