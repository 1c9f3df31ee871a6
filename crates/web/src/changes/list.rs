//! `/o/{organization}/changes`

use askama::Template;
use serde::Deserialize;

use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::Asked;
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{count, sentence};

const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "changes/list.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    may_edit: bool,
    paging: Paging,
}

struct Row {
    number: u64,
    path: String,
    reason: String,
    lines: String,
    by: String,
    approved_by: Option<String>,
    at: Moment,
    undone_by: Option<u64>,
}

/// `GET /o/{organization}/changes`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let page = page_after(&query.after, ROWS);
    let found = portal
        .service
        .list_change_sets(&portal.actor, &page)
        .await?;
    let base = portal.path("/changes");
    let rows = found
        .items
        .into_iter()
        .map(|view| {
            let change = view.change_set;
            Row {
                number: change.number,
                path: format!("{base}/{}", change.number),
                reason: sentence(change.reason.as_deref().unwrap_or("no reason given")),
                lines: count(change.line_count, "line", "lines"),
                by: view.account.map_or_else(
                    || format!("by {}", change.origin.as_str()),
                    |account| account.email,
                ),
                approved_by: view.approved_by.map(|by| by.to_string()),
                at: portal.times.moment(change.applied_at),
                undone_by: change.undone_by,
            }
        })
        .collect();
    show_page(&Page {
        shell: portal.shell(Place::Changes, "Changes").await?,
        rows,
        may_edit: portal.may_edit(),
        paging: Paging::new(&base, &[], &query.after, found.next),
    })
}
