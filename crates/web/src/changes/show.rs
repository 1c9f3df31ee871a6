//! `/o/{organization}/changes/{number}`: what a change set did, line by line.

use askama::Template;
use counterpart_model::OrganizationId;
use counterpart_service::mapping::Unnamed;
use serde::Deserialize;

use super::tell::{Row, Teller};
use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::{Asked, At};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{count, sentence};

const ROWS: u32 = 100;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    after: String,
    /// How many lines of the other change set were left, when this one has just undone it.
    left: Option<u64>,
    /// How many lines were left when this change has just been approved.
    approved: Option<u64>,
}

#[derive(Template)]
#[template(path = "changes/show.html")]
struct Page {
    shell: Shell,
    number: u64,
    reason: String,
    by: &'static str,
    lines: String,
    at: Moment,
    undoes: Option<u64>,
    undone_by: Option<u64>,
    left: Option<u64>,
    approved: Option<u64>,
    approval: Option<(u64, String)>,
    may_edit: bool,
    rows: Vec<Row>,
    paging: Paging,
}

/// `GET /o/{organization}/changes/{number}`
pub(super) async fn show(
    portal: Portal,
    At((_, number)): At<(OrganizationId, u64)>,
    Asked(query): Asked<Query>,
) -> Answer {
    let page = page_after(&query.after, ROWS);
    let (change, lines) = portal
        .service
        .change_set(&portal.actor, number, &page)
        .await?;
    let approval = match change.approval {
        Some(approval) => {
            let by = portal
                .service
                .authorship(&portal.actor, approval.by)
                .await?;
            Some((approval.pending, by.to_string()))
        }
        None => None,
    };
    let unnamed = Unnamed::in_lines(&lines.items);
    let names = portal.service.names(&portal.actor, &unnamed).await?;
    let teller = Teller {
        names: &names,
        times: &portal.times,
    };
    let path = portal.path(&format!("/changes/{number}"));
    show_page(&Page {
        shell: portal
            .shell(Place::Changes, &format!("Change {number}"))
            .await?,
        number,
        reason: sentence(change.reason.as_deref().unwrap_or("No reason was given")),
        by: change.origin.as_str(),
        lines: count(change.line_count, "line", "lines"),
        at: portal.times.moment(change.applied_at),
        undoes: change.undoes,
        undone_by: change.undone_by,
        left: query.left,
        approved: query.approved,
        approval,
        may_edit: portal.may_edit(),
        rows: lines.items.iter().map(|line| teller.line(line)).collect(),
        paging: Paging::new(&path, &[], &query.after, lines.next),
    })
}
