//! Choosing a CRM user for a person: a search page, and the type-ahead in front of it.

use askama::Template;
use axum::http::HeaderMap;
use counterpart_service::mapping::Candidate;
use serde::Deserialize;

use super::draft::{CellAt, back};
use crate::paging::{Paging, page_after};
use crate::problem::{Answer, Problem};
use crate::providers::Provider;
use crate::request::{Asked, At};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::words::{crm_user_kind, crm_user_state, percent};

/// How many users stand on a page of the search.
const ROWS: u32 = 25;
/// How many users the type-ahead offers.
const OPTIONS: u32 = 12;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    back: String,
    /// `on` to show users that cannot be worked with as well.
    #[serde(default)]
    inactive: String,
}

#[derive(Template)]
#[template(path = "mapping/choose.html")]
struct Page {
    shell: Shell,
    path: String,
    person: String,
    connection: String,
    provider: Provider,
    search: String,
    inactive: bool,
    back: String,
    mapped: bool,
    found: Vec<Found>,
    paging: Paging,
}

/// The type-ahead, in place of the cell.
#[derive(Template)]
#[template(path = "mapping/picker.html")]
struct Picker {
    path: String,
    id: String,
    person: String,
    provider: Provider,
    mapped: bool,
}

#[derive(Template)]
#[template(path = "mapping/options.html")]
struct Options {
    found: Vec<Found>,
    more: bool,
    search: String,
}

/// A CRM user that could be chosen.
struct Found {
    id: String,
    name: String,
    line: String,
    likely: Option<u8>,
    mapped_to: Option<String>,
    state: Option<&'static str>,
    kind: Option<&'static str>,
}

/// `GET /o/{organization}/mapping/{connection}/{person}/choose`
pub(super) async fn show(
    portal: Portal,
    At((_, connection, person)): CellAt,
    headers: HeaderMap,
    Asked(query): Asked<Query>,
) -> Answer {
    portal.actor.require(counterpart_model::Role::Admin)?;
    let shown = portal
        .service
        .connection_view(&portal.actor, connection)
        .await?;
    let provider = Provider::named(&portal.service, &shown.connection.provider);
    let cell = portal
        .service
        .cell(&portal.actor, connection, person)
        .await?;
    let mapped = cell
        .cell
        .as_ref()
        .is_some_and(|cell| cell.mapping.is_some());
    let path = portal.path(&format!("/mapping/{connection}/{person}"));
    let name = cell.person.profile.display_name;
    if portal.fragment {
        let id = format!("seat-{connection}-{person}");
        return show_page(&Picker {
            path,
            id,
            person: name,
            provider,
            mapped,
        });
    }
    let inactive = query.inactive == "on";
    let page = page_after(&query.after, ROWS);
    let found = portal
        .service
        .candidates(&portal.actor, connection, person, &query.q, inactive, &page)
        .await?;
    let back = back(&portal, &query.back, &headers);
    let asked = [
        ("q", query.q.as_str()),
        ("inactive", &query.inactive),
        ("back", back.as_str()),
    ];
    let paging = Paging::new(&format!("{path}/choose"), &asked, &query.after, found.next);
    show_page(&Page {
        shell: portal
            .shell(Place::Mapping, &format!("Choose for {name}"))
            .await?,
        person: name,
        connection: shown.connection.name,
        found: found.items.iter().map(view).collect(),
        search: query.q,
        path,
        provider,
        inactive,
        back,
        mapped,
        paging,
    })
}

/// `GET /o/{organization}/mapping/{connection}/{person}/options`: what the type-ahead offers.
pub(super) async fn options(
    portal: Portal,
    At((_, connection, person)): CellAt,
    Asked(query): Asked<Query>,
) -> Answer {
    let found = offered(&portal, (connection, person), &query.q).await?;
    show_page(&found)
}

async fn offered(
    portal: &Portal,
    (connection, person): (counterpart_model::ConnectionId, counterpart_model::PersonId),
    search: &str,
) -> Result<Options, Problem> {
    let page = page_after("", OPTIONS);
    // Somebody who types wants to find, also whom nobody should be mapped to any more.
    let inactive = !search.trim().is_empty();
    let found = portal
        .service
        .candidates(&portal.actor, connection, person, search, inactive, &page)
        .await?;
    Ok(Options {
        more: found.next.is_some(),
        found: found.items.iter().map(view).collect(),
        search: search.to_owned(),
    })
}

fn view(candidate: &Candidate) -> Found {
    let user = &candidate.crm_user;
    let profile = &user.profile;
    let line = profile
        .emails
        .first()
        .or(profile.username.as_ref())
        .or(profile.title.as_ref())
        .cloned()
        .unwrap_or_default();
    Found {
        id: user.id.0.clone(),
        name: profile.display_name.clone(),
        line,
        likely: candidate.score.map(percent),
        mapped_to: candidate
            .mapped_to
            .as_ref()
            .map(|person| person.profile.display_name.clone()),
        state: crm_user_state(profile.state, user.gone_since.is_some()),
        kind: crm_user_kind(profile.kind),
    }
}
