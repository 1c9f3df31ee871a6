//! `/o/{organization}/review`

use askama::Template;
use counterpart_model::{ConnectionId, Situation};
use counterpart_store::review::{ReviewCount, ReviewOrder, ReviewQuery};
use serde::Deserialize;

use super::view::{Case, Offer};
use crate::paging::page_after;
use crate::problem::Answer;
use crate::request::{Asked, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::words::{self, grouped};

/// What the queue is narrowed to, and where in it somebody is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub(super) kind: String,
    pub(super) connection: String,
    pub(super) order: String,
    pub(super) after: String,
    /// The change set that decided the case before.
    pub(super) done: Option<u64>,
    /// The change set that was undone just now.
    pub(super) undone: Option<u64>,
}

#[derive(Template)]
#[template(path = "review/page.html")]
struct Page {
    shell: Shell,
    base: String,
    query: Query,
    tabs: Vec<Tab>,
    connections: Vec<(String, String, bool)>,
    doubtful: bool,
    offers: Vec<Offer>,
    case: Option<Case>,
    /// Where the next case is.
    next: Option<String>,
    /// Where the queue begins, when somebody is inside it.
    first: Option<String>,
    waiting: String,
    may_edit: bool,
}

struct Tab {
    word: &'static str,
    count: String,
    path: String,
    here: bool,
}

/// The kinds of cases, in the order of the tabs.
const KINDS: [Situation; 3] = [
    Situation::Drifted,
    Situation::Ambiguous,
    Situation::Proposed,
];

impl Query {
    fn wanted(&self) -> ReviewQuery {
        let kind = KINDS.into_iter().find(|kind| kind.as_str() == self.kind);
        ReviewQuery {
            connection_id: self.connection.parse::<ConnectionId>().ok(),
            situation: kind,
            order: if self.order == "doubtful" {
                ReviewOrder::Doubtful
            } else {
                ReviewOrder::Certain
            },
        }
    }

    /// The address of the queue, narrowed in the same way, behind `after`.
    pub(super) fn path(&self, base: &str, after: &str, more: &[(&str, &str)]) -> String {
        let mut asked = vec![
            ("kind", self.kind.as_str()),
            ("connection", &self.connection),
            ("order", &self.order),
            ("after", after),
        ];
        asked.extend_from_slice(more);
        address(base, &asked)
    }
}

/// `GET /o/{organization}/review`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let wanted = query.wanted();
    let page = page_after(&query.after, 1);
    let found = portal
        .service
        .review_queue(&portal.actor, &wanted, &page)
        .await?;
    let counts = portal.service.count_review(&portal.actor).await?;
    let connections = portal.service.list_connections(&portal.actor).await?;
    let base = portal.path("/review");
    let may_edit = portal.may_edit();
    let name = |id: ConnectionId| {
        let named = connections.iter().find(|it| it.id == id);
        named.map(|it| it.name.clone()).unwrap_or_default()
    };
    // One at a time: the case is what the page is for.
    let offers = found.advice.iter().filter(|_| may_edit).take(1);
    let offers = offers
        .map(|advice| Offer::of(&portal, advice, &name(advice.connection_id)))
        .collect();
    let waiting: u64 = counts
        .iter()
        .filter(|it| is_wanted(it, &wanted))
        .map(|it| it.cells)
        .sum();
    show_page(&Page {
        shell: portal.shell(Place::Review, "Review").await?,
        tabs: tabs(&base, &counts, &query, wanted.connection_id),
        connections: connections
            .iter()
            .filter(|it| counts.iter().any(|count| count.connection_id == it.id))
            .map(|it| {
                let here = wanted.connection_id == Some(it.id);
                (it.id.to_string(), it.name.clone(), here)
            })
            .collect(),
        doubtful: wanted.order == ReviewOrder::Doubtful,
        offers,
        next: found.next.map(|next| query.path(&base, &next.0, &[])),
        first: (!query.after.is_empty()).then(|| query.path(&base, "", &[])),
        case: found.cases.first().map(|it| Case::of(&portal, it)),
        waiting: words::count(waiting, "case waits", "cases wait"),
        may_edit,
        base,
        query,
    })
}

fn is_wanted(count: &ReviewCount, wanted: &ReviewQuery) -> bool {
    let here = wanted
        .connection_id
        .is_none_or(|id| id == count.connection_id);
    here && wanted.situation.is_none_or(|kind| kind == count.situation)
}

fn tabs(
    base: &str,
    counts: &[ReviewCount],
    query: &Query,
    connection: Option<ConnectionId>,
) -> Vec<Tab> {
    let number = |situation: Option<Situation>| -> u64 {
        let wanted = ReviewQuery {
            connection_id: connection,
            situation,
            ..ReviewQuery::default()
        };
        let here = counts.iter().filter(|count| is_wanted(count, &wanted));
        here.map(|count| count.cells).sum()
    };
    let tab = |word, kind: &str, number: u64| {
        let asked = Query {
            kind: kind.to_owned(),
            ..query.clone()
        };
        Tab {
            word,
            count: grouped(number),
            path: asked.path(base, "", &[]),
            here: query.kind == kind,
        }
    };
    let mut tabs = vec![tab("All", "", number(None))];
    for kind in KINDS {
        let word = match kind {
            Situation::Proposed => "Not certain",
            other => words::situation(other),
        };
        tabs.push(tab(word, kind.as_str(), number(Some(kind))));
    }
    tabs
}
