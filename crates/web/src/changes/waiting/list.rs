//! `/o/{organization}/changes/waiting`

use askama::Template;
use counterpart_model::PendingState;
use serde::Deserialize;

use super::state;
use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::Asked;
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{Tone, count, sentence};

const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(in crate::changes) struct Query {
    #[serde(default)]
    after: String,
    /// `all` for those that were decided too.
    #[serde(default)]
    show: String,
}

#[derive(Template)]
#[template(path = "changes/waiting.html")]
struct Page {
    shell: Shell,
    base: String,
    all: bool,
    rows: Vec<Row>,
    /// From how many lines on a second person is asked, in words; `None` when none is.
    asked: Option<String>,
    paging: Paging,
}

struct Row {
    number: u64,
    path: String,
    reason: String,
    lines: String,
    by: String,
    at: Moment,
    until: Moment,
    word: &'static str,
    tone: Tone,
    waits: bool,
}

/// `GET /o/{organization}/changes/waiting`
pub(in crate::changes) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let page = page_after(&query.after, ROWS);
    let all = query.show == "all";
    let wanted = (!all).then_some(PendingState::Open);
    let found = portal
        .service
        .list_pending(&portal.actor, wanted, &page)
        .await?;
    let base = portal.path("/changes/waiting");
    let now = portal.service.now();
    let rows = found
        .items
        .into_iter()
        .map(|view| {
            let pending = view.pending;
            let waits = pending.waits_at(now);
            let (word, tone) = state(pending.state, waits);
            Row {
                number: pending.number,
                path: format!("{base}/{}", pending.number),
                reason: sentence(pending.reason.as_deref().unwrap_or("no reason given")),
                lines: count(pending.line_count, "line", "lines"),
                by: view.maker.to_string(),
                at: portal.times.moment(pending.created_at),
                until: portal.times.moment(pending.expires_at),
                word,
                tone,
                waits,
            }
        })
        .collect();
    let asked = portal.organization.second_person_from;
    show_page(&Page {
        shell: portal.shell(Place::Changes, "Waiting changes").await?,
        paging: Paging::new(&base, &[("show", &query.show)], &query.after, found.next),
        base,
        all,
        rows,
        asked: asked.map(|lines| count(lines, "line", "lines")),
    })
}
