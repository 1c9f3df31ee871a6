//! `/o/{organization}/connections/{connection}/checks`: what system checks showed over time.

use std::collections::HashMap;

use askama::Template;
use counterpart_model::check::CheckTrigger;
use counterpart_model::{ConnectionId, OrganizationId, PersonId};
use counterpart_service::mapping::Unnamed;
use counterpart_store::checks::{CheckQuery, CheckSubject};
use serde::Deserialize;

use super::findings::{summary, tone, word};
use super::show::took;
use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::{Asked, At};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::Tone;

const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    after: String,
    /// Whose account; the connection itself and everybody's when empty.
    #[serde(default)]
    person: String,
}

#[derive(Template)]
#[template(path = "checks/history.html")]
struct Page {
    shell: Shell,
    connection: String,
    path: String,
    rows: Vec<Row>,
    may_edit: bool,
    paging: Paging,
}

struct Row {
    path: String,
    at: Moment,
    /// Whose account; empty for the connection itself.
    person: String,
    by: &'static str,
    summary: String,
    took: String,
    word: &'static str,
    tone: Tone,
}

/// `GET /o/{organization}/connections/{connection}/checks`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    let (service, actor) = (&portal.service, &portal.actor);
    let connection = service.connection_view(actor, id).await?.connection;
    let wanted = CheckQuery {
        connection_id: Some(id),
        subject: match query.person.parse::<PersonId>() {
            Ok(person) => CheckSubject::Person(person),
            Err(_) => CheckSubject::All,
        },
    };
    let page = page_after(&query.after, ROWS);
    let found = service.list_system_checks(actor, &wanted, &page).await?;
    let people: Vec<PersonId> = found.items.iter().filter_map(|it| it.person_id).collect();
    let names = names(&portal, people).await?;
    let path = portal.path(&format!("/connections/{id}"));
    let rows = found
        .items
        .into_iter()
        .map(|check| Row {
            path: format!("{path}/checks/{}", check.id),
            at: portal.times.moment(check.started_at),
            person: check
                .person_id
                .map(|id| names.get(&id).cloned().unwrap_or_else(|| id.to_string()))
                .unwrap_or_default(),
            by: match check.trigger {
                CheckTrigger::Asked => "asked for",
                CheckTrigger::Schedule => "by the clock",
            },
            summary: summary(&check),
            took: took(check.took_millis),
            word: word(check.result),
            tone: tone(check.result),
        })
        .collect();
    let title = format!("Checks of {}", connection.name);
    let list = format!("{path}/checks");
    let asked = [("person", query.person.as_str())];
    show_page(&Page {
        shell: portal.shell(Place::Connections, &title).await?,
        connection: connection.name,
        rows,
        may_edit: portal.may_edit(),
        paging: Paging::new(&list, &asked, &query.after, found.next),
        path,
    })
}

async fn names(
    portal: &Portal,
    people: Vec<PersonId>,
) -> Result<HashMap<PersonId, String>, crate::problem::Problem> {
    let unnamed = Unnamed {
        people: people.into_iter().collect(),
        ..Unnamed::default()
    };
    let names = portal.service.names(&portal.actor, &unnamed).await?;
    Ok(names.people.into_iter().collect())
}
