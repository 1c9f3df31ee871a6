//! `/o/{organization}/drift`: what drifted, why, and what puts it right.

use askama::Template;
use counterpart_model::drift::Repair;
use counterpart_model::{ConnectionId, DriftCause, MappingId, PersonId};
use counterpart_service::drift::DriftView;
use counterpart_store::drift::{DriftCount, DriftQuery};
use serde::Deserialize;

use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::{Asked, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{self, Tone, grouped, sentence};

/// How many mappings stand on a page.
const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    cause: String,
    #[serde(default)]
    connection: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    mapping: String,
    #[serde(default)]
    after: String,
    /// The change set that put something right just now.
    #[serde(default)]
    saved: Option<u64>,
}

#[derive(Template)]
#[template(path = "drift/list.html")]
struct Page {
    shell: Shell,
    base: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    paging: Paging,
    narrowed: bool,
    saved: Option<u64>,
    may_edit: bool,
    /// What the list is narrowed to.
    cause: String,
    connection: String,
}

struct Tab {
    word: &'static str,
    count: String,
    path: String,
    here: bool,
}

struct Row {
    person: String,
    person_path: String,
    connection: String,
    user: String,
    crm_id: String,
    cause: &'static str,
    tone: Tone,
    detail: String,
    since: Moment,
    /// Where its repairs are sent.
    path: String,
    version: u64,
    repairs: Vec<Button>,
    /// Where the CRM user is handed over to somebody who is known, where that is a repair.
    hand_over: Option<String>,
    /// Whether one of them asks for a day.
    dated: bool,
}

/// One repair.
struct Button {
    repair: &'static str,
    word: String,
    primary: bool,
}

/// `GET /o/{organization}/drift`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let wanted = DriftQuery {
        connection_id: query.connection.parse::<ConnectionId>().ok(),
        person_id: query.person.parse::<PersonId>().ok(),
        mapping_id: query.mapping.parse::<MappingId>().ok(),
        cause: query.cause.parse::<DriftCause>().ok(),
        primary_only: true,
    };
    let page = page_after(&query.after, ROWS);
    let found = portal
        .service
        .list_drift(&portal.actor, &wanted, &page)
        .await?;
    let counts = portal.service.count_drift(&portal.actor).await?;
    let base = portal.path("/drift");
    let asked = [
        ("cause", query.cause.as_str()),
        ("connection", &query.connection),
        ("person", &query.person),
        ("mapping", &query.mapping),
    ];
    show_page(&Page {
        shell: portal.shell(Place::Mapping, "Drift").await?,
        tabs: tabs(&base, &counts, &query, wanted.connection_id),
        paging: Paging::new(&base, &asked, &query.after, found.next),
        rows: found.items.iter().map(|view| row(&portal, view)).collect(),
        narrowed: wanted.mapping_id.is_some() || wanted.person_id.is_some(),
        saved: query.saved,
        may_edit: portal.may_edit(),
        base,
        cause: query.cause,
        connection: query.connection,
    })
}

fn tabs(
    base: &str,
    counts: &[DriftCount],
    query: &Query,
    connection: Option<ConnectionId>,
) -> Vec<Tab> {
    let number = |cause: Option<DriftCause>| -> u64 {
        let here = counts.iter().filter(|count| {
            connection.is_none_or(|id| id == count.connection_id)
                && cause.is_none_or(|cause| cause == count.cause)
        });
        here.map(|count| count.mappings).sum()
    };
    let tab = |word, cause: &str, number: u64| Tab {
        word,
        count: grouped(number),
        path: address(base, &[("cause", cause), ("connection", &query.connection)]),
        here: query.cause == cause,
    };
    let mut tabs = vec![tab("All", "", number(None))];
    for cause in DriftCause::ALL {
        let number = number(Some(cause));
        if number > 0 || query.cause == cause.as_str() {
            tabs.push(tab(words::drift_cause(cause), cause.as_str(), number));
        }
    }
    tabs
}

fn row(portal: &Portal, view: &DriftView) -> Row {
    let drift = &view.drift;
    let repairs: Vec<Repair> = view.repairs();
    Row {
        person: view.person.as_ref().map_or_else(
            || drift.person_id.to_string(),
            |person| person.profile.display_name.clone(),
        ),
        person_path: portal.path(&format!("/people/{}", drift.person_id)),
        connection: view.connection.clone(),
        user: view.crm_user.as_ref().map_or_else(
            || "unknown user".to_owned(),
            |user| user.profile.display_name.clone(),
        ),
        crm_id: view.mapping.crm_user_id.0.clone(),
        cause: words::drift_cause(drift.cause),
        tone: words::drift_tone(drift.cause.severity()),
        detail: sentence(&drift.detail),
        since: portal.times.moment(drift.since),
        path: portal.path(&format!("/drift/{}/repair", drift.mapping_id)),
        version: view.mapping.version,
        hand_over: repairs
            .contains(&Repair::HandOver)
            .then(|| hand_over(portal, view)),
        dated: repairs
            .iter()
            .any(|repair| matches!(repair, Repair::HandOver | Repair::End)),
        repairs: repairs
            .into_iter()
            .enumerate()
            .map(|(place, repair)| Button {
                repair: repair.as_str(),
                word: word(repair, view),
                primary: place == 0,
            })
            .collect(),
    }
}

/// The page on which the CRM user is handed over, from the day on which the drift was found.
fn hand_over(portal: &Portal, view: &DriftView) -> String {
    let (connection, since) = (
        view.mapping.connection_id.to_string(),
        portal.times.day(view.drift.since),
    );
    address(
        &portal.path("/mapping/hand-over"),
        &[
            ("connection", &connection),
            ("crm_user", &view.mapping.crm_user_id.0),
            ("from", &since),
        ],
    )
}

/// What a button says.
fn word(repair: Repair, view: &DriftView) -> String {
    match (repair, &view.other) {
        (Repair::Move, Some(other)) => {
            format!("Move to {} ({})", other.profile.display_name, other.id)
        }
        _ => words::repair(repair).to_owned(),
    }
}
