//! `/o/{organization}/people/{person}`: one human, everywhere and at all times.

use std::collections::HashMap;

use askama::Template;
use counterpart_model::{
    ConnectionId, DecisionId, DecisionKind, IdentityKind, OrganizationId, Period, PersonId,
    Timestamp,
};
use counterpart_service::mapping::{MappingView, Unnamed};
use counterpart_service::people::PersonView;
use counterpart_store::drift::DriftQuery;
use serde::Deserialize;

use crate::connections::user_path;
use crate::mapping::{Drifting, Seat};
use crate::paging::{Paging, page_after};
use crate::problem::{Answer, Problem};
use crate::providers::Provider;
use crate::request::{Asked, At, Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::timeline::{Span, spans};
use crate::times::Moment;
use crate::words::{count, initials, sentence};

/// How many change sets are listed at a time.
const RECENT: u32 = 8;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    /// Behind which change set the history goes on.
    after: String,
}

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
    problems: Vec<Drifting>,
    disagreements: Vec<String>,
    changes: Vec<Changed>,
    paging: Paging,
    add: String,
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
    /// The CRM user's page.
    path: String,
    origin: &'static str,
    span: Span,
}

/// A change set that touched the person.
struct Changed {
    number: u64,
    path: String,
    words: String,
    by: String,
    at: Moment,
}

struct Decided {
    id: DecisionId,
    words: String,
    reason: String,
    expired: bool,
}

/// `GET /o/{organization}/people/{person}`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, PersonId)>,
    Asked(query): Asked<Query>,
) -> Answer {
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
    let (problems, disagreements) = problems(&portal, id).await?;
    let (changes, paging) = history(&portal, id, &query.after).await?;
    let key = id.to_string();
    show_page(&Page {
        add: address(&portal.path("/mapping/add"), &[("person", &key)]),
        path: portal.path(&format!("/people/{id}")),
        face: initials(&name),
        active: view.person.active,
        facts: facts(&portal, &view),
        seats,
        tests,
        mappings: mappings(&portal, &view),
        problems,
        disagreements,
        changes,
        paging,
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

fn mappings(portal: &Portal, view: &PersonView) -> Vec<Mapped> {
    let mut all: Vec<&MappingView> = view.mappings.iter().collect();
    all.sort_by(|one, other| {
        let key = |view: &MappingView| (view.connection.clone(), view.mapping.period.from());
        key(one).cmp(&key(other))
    });
    let periods: Vec<Period> = all.iter().map(|one| one.mapping.period).collect();
    let spans = spans(&portal.times, portal.service.now(), &periods);
    all.into_iter()
        .zip(spans)
        .map(|(one, span)| Mapped {
            connection: one.connection.clone(),
            user: one.crm_user.as_ref().map_or_else(
                || "unknown user".to_owned(),
                |user| user.profile.display_name.clone(),
            ),
            crm_id: one.mapping.crm_user_id.0.clone(),
            path: user_path(
                &portal.path(""),
                one.mapping.connection_id,
                &one.mapping.crm_user_id,
            ),
            origin: one.mapping.origin.as_str(),
            span,
        })
        .collect()
}

/// What may be wrong: drift, each with the way to mend it, then what disagrees.
async fn problems(
    portal: &Portal,
    person: PersonId,
) -> Result<(Vec<Drifting>, Vec<String>), Problem> {
    let query = DriftQuery {
        person_id: Some(person),
        primary_only: true,
        ..DriftQuery::default()
    };
    let page = page_after("", 100);
    let drift = portal
        .service
        .list_drift(&portal.actor, &query, &page)
        .await?;
    let base = portal.path("");
    let drifting = drift
        .items
        .iter()
        .map(|view| Drifting::of(&base, &view.drift))
        .collect();
    let disagreements = portal
        .service
        .inconsistencies_of(&portal.actor, &[person])
        .await?
        .remove(&person)
        .unwrap_or_default();
    Ok((
        drifting,
        disagreements.into_iter().map(|one| one.detail).collect(),
    ))
}

async fn history(
    portal: &Portal,
    person: PersonId,
    after: &str,
) -> Result<(Vec<Changed>, Paging), Problem> {
    let page = page_after(after, RECENT);
    let found = portal
        .service
        .change_sets_about(&portal.actor, person, &page)
        .await?;
    let paging = Paging::new(
        &portal.path(&format!("/people/{person}")),
        &[],
        after,
        found.next,
    );
    let changes = found
        .items
        .into_iter()
        .map(|view| {
            let change = view.change_set;
            let lines = count(change.line_count, "line", "lines");
            Changed {
                number: change.number,
                path: portal.path(&format!("/changes/{}", change.number)),
                words: sentence(change.reason.as_deref().unwrap_or(&lines)),
                by: view.account.map_or_else(
                    || change.origin.as_str().to_owned(),
                    |account| account.email,
                ),
                at: portal.times.moment(change.applied_at),
            }
        })
        .collect();
    Ok((changes, paging))
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
