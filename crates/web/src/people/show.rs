//! `/o/{organization}/people/{person}`: one human, everywhere and at all times.

use std::collections::HashMap;

use askama::Template;
use counterpart_model::{
    ConnectionId, DecisionId, DecisionKind, IdentityKind, OrganizationId, Period, PersonId,
    Timestamp,
};
use counterpart_service::mapping::{MappingView, Unnamed};
use counterpart_service::people::PersonView;
use serde::Deserialize;

use crate::mapping::Seat;
use crate::problem::{Answer, Problem};
use crate::providers::Provider;
use crate::request::{At, Sent};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::words::initials;

#[derive(Template)]
#[template(path = "people/show.html")]
struct Page {
    shell: Shell,
    path: String,
    name: String,
    face: String,
    active: bool,
    facts: Vec<(&'static str, String)>,
    seats: Vec<Standing>,
    /// The connections in which the account can be tested: name and id.
    tests: Vec<(String, ConnectionId)>,
    mappings: Vec<Mapped>,
    decisions: Vec<Decided>,
    may_edit: bool,
}

/// The person in one connection.
struct Standing {
    connection: String,
    provider: Provider,
    seat: Seat,
}

struct Mapped {
    connection: String,
    user: String,
    crm_id: String,
    period: String,
    now: bool,
}

struct Decided {
    id: DecisionId,
    words: String,
    reason: String,
    expired: bool,
}

/// `GET /o/{organization}/people/{person}`
pub(super) async fn show(portal: Portal, At((_, id)): At<(OrganizationId, PersonId)>) -> Answer {
    let view = portal.service.person_view(&portal.actor, id).await?;
    let name = view.person.profile.display_name.clone();
    let seats = seats(&portal, &view).await?;
    let mut tests: Vec<(String, ConnectionId)> = Vec::new();
    let now = portal.service.now();
    for known in view.mappings.iter().map(|it| (&it.connection, &it.mapping)) {
        let (name, mapping) = known;
        let id = mapping.connection_id;
        if mapping.period.contains(now) && !tests.iter().any(|(_, known)| *known == id) {
            tests.push((name.clone(), id));
        }
    }
    let mut shell = portal.shell(Place::People, &name).await?;
    shell.with_bar = true;
    show_page(&Page {
        path: portal.path(&format!("/people/{id}")),
        face: initials(&name),
        active: view.person.active,
        facts: facts(&portal, &view),
        seats,
        tests,
        mappings: view
            .mappings
            .iter()
            .map(|mapping| mapped(&portal, mapping))
            .collect(),
        decisions: decisions(&portal, &view).await?,
        may_edit: portal.may_edit(),
        name,
        shell,
    })
}

#[derive(Deserialize)]
pub(super) struct Withdrawn {
    decision: DecisionId,
}

/// `POST /o/{organization}/people/{person}/decisions/withdraw`
pub(super) async fn withdraw(
    portal: Portal,
    At((_, id)): At<(OrganizationId, PersonId)>,
    Sent(withdrawn): Sent<Withdrawn>,
) -> Answer {
    portal
        .service
        .withdraw_decision(&portal.actor, withdrawn.decision)
        .await?;
    portal.go(&portal.path(&format!("/people/{id}")))
}

fn facts(portal: &Portal, view: &PersonView) -> Vec<(&'static str, String)> {
    let person = &view.person;
    let profile = &person.profile;
    let now = portal.service.now();
    let of_kind = |kind| {
        view.identities
            .iter()
            .filter(|identity| identity.kind == kind && identity.period.contains(now))
            .map(|identity| identity.value.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let all = [
        ("E-mail", profile.emails.join(", ")),
        ("Extension", of_kind(IdentityKind::Extension)),
        ("Phone", profile.phones.join(", ")),
        ("Title", text(&profile.title)),
        ("Department", text(&profile.department)),
        ("User name", text(&profile.username)),
        ("Employee number", text(&profile.employee_number)),
        ("External id", text(&person.external_id)),
        ("Added", portal.times.moment(person.created_at).text),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

async fn seats(portal: &Portal, view: &PersonView) -> Result<Vec<Standing>, Problem> {
    let connections: HashMap<ConnectionId, _> = portal
        .service
        .list_connections(&portal.actor)
        .await?
        .into_iter()
        .map(|connection| (connection.id, connection))
        .collect();
    let mut seats = Vec::new();
    for cell in &view.cells {
        let Some(connection) = connections.get(&cell.connection_id) else {
            continue;
        };
        let seat = crate::mapping::seat_of(portal, connection.id, view.person.id).await?;
        seats.push(Standing {
            connection: connection.name.clone(),
            provider: Provider::named(&portal.service, &connection.provider),
            seat,
        });
    }
    Ok(seats)
}

fn mapped(portal: &Portal, view: &MappingView) -> Mapped {
    Mapped {
        connection: view.connection.clone(),
        user: view.crm_user.as_ref().map_or_else(
            || "unknown user".to_owned(),
            |user| user.profile.display_name.clone(),
        ),
        crm_id: view.mapping.crm_user_id.0.clone(),
        period: period(portal, view.mapping.period),
        now: view.mapping.period.contains(portal.service.now()),
    }
}

/// A period in words.
fn period(portal: &Portal, period: Period) -> String {
    let from = portal.times.moment(period.from()).text;
    let to = portal.times.moment(period.to()).text;
    match (
        period.from() == Timestamp::ALWAYS,
        period.to() == Timestamp::FOREVER,
    ) {
        (true, true) => "always".to_owned(),
        (true, false) => format!("until {to}"),
        (false, true) => format!("since {from}"),
        (false, false) => format!("{from} to {to}"),
    }
}

async fn decisions(portal: &Portal, view: &PersonView) -> Result<Vec<Decided>, Problem> {
    let unnamed = Unnamed {
        crm_users: view
            .decisions
            .iter()
            .filter_map(|decision| {
                let user = decision.kind.crm_user_id()?;
                Some((decision.connection_id, user.clone()))
            })
            .collect(),
        ..Unnamed::default()
    };
    let names = portal.service.names(&portal.actor, &unnamed).await?;
    let now = portal.service.now();
    Ok(view
        .decisions
        .iter()
        .map(|decision| {
            let place = names
                .connections
                .get(&decision.connection_id)
                .cloned()
                .unwrap_or_default();
            let words = match &decision.kind {
                DecisionKind::NoAccount { .. } => format!("No account in {place}"),
                DecisionKind::NotThisPair { crm_user_id, .. } => {
                    let key = (decision.connection_id, crm_user_id.clone());
                    let user = names.crm_users.get(&key).unwrap_or(&crm_user_id.0);
                    format!("Is not {user} in {place}")
                }
                DecisionKind::NotAPerson { .. } | DecisionKind::SharedSeat { .. } => {
                    format!("{} in {place}", decision.kind.as_str())
                }
            };
            let until = if decision.expires_at == Timestamp::FOREVER {
                String::new()
            } else {
                format!(", until {}", portal.times.moment(decision.expires_at).text)
            };
            Decided {
                id: decision.id,
                words: format!("{words}{until}"),
                reason: decision.reason.clone().unwrap_or_default(),
                expired: decision.expires_at <= now,
            }
        })
        .collect())
}
