//! `/o/{organization}/mapping/add`: one more mapping from two fields, prefilled from either side.
//!
//! It goes into the draft. A duplicate is impossible: whoever stands there is named, and can be
//! moved.

use askama::Template;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use counterpart_model::{ConnectionId, CrmUserId, PersonId, Role};
use counterpart_service::mapping::PairCheck;
use counterpart_service::{Error, Kind};
use serde::Deserialize;

use super::draft::back;
use super::lookup::{Known, known_person, known_user, people_like, users_like};
use crate::form::FormProblems;
use crate::problem::{Answer, Problem};
use crate::providers::Provider;
use crate::request::{Asked, Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    connection: String,
    /// Who: name, e-mail address, external id, extension or id.
    person: String,
    /// The same, typed where scripts did not turn it into somebody.
    typed: String,
    /// Is whom: the CRM's id, in any form, or a name.
    crm_user: String,
    /// Whoever holds the CRM user gives it away.
    #[serde(rename = "move")]
    move_here: String,
    back: String,
    /// Who was put into the draft just now.
    added: String,
}

#[derive(Template)]
#[template(path = "mapping/add.html")]
struct Page {
    shell: Shell,
    path: String,
    base: String,
    back: String,
    connections: Vec<(String, String, bool)>,
    connection: String,
    provider: Provider,
    input: Input,
    /// Both sides by name, once they are known.
    person: Option<Known>,
    crm_user: Option<Known>,
    /// Those whom the texts may mean.
    people: Vec<Known>,
    crm_users: Vec<Known>,
    conflict: Option<Conflict>,
    form: FormProblems,
}

/// What stands in the place of the pair.
struct Conflict {
    is_there: bool,
    /// CRM users that the person is there now.
    replaced: Vec<String>,
    /// People who are the CRM user now: name and page.
    holders: Vec<(String, String)>,
}

/// Both sides as far as their texts tell.
#[derive(Default)]
struct Sides {
    person: Option<(PersonId, Known)>,
    crm_user: Option<(CrmUserId, Known)>,
    people: Vec<Known>,
    crm_users: Vec<Known>,
}

/// `GET /o/{organization}/mapping/add`
pub(super) async fn show(
    portal: Portal,
    headers: HeaderMap,
    Asked(mut input): Asked<Input>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    input.back = back(&portal, &input.back, &headers);
    page(&portal, StatusCode::OK, input, FormProblems::default()).await
}

/// `POST /o/{organization}/mapping/add`: into the draft, when nothing stands in the way.
pub(super) async fn add(
    portal: Portal,
    headers: HeaderMap,
    Sent(mut input): Sent<Input>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    input.back = back(&portal, &input.back, &headers);
    if input.person.trim().is_empty() {
        input.person = std::mem::take(&mut input.typed);
    }
    let connection = connection_of(&portal, &input).await?;
    let sides = sides(&portal, connection, &input).await?;
    let missing = [
        (
            sides.person.is_none(),
            "person",
            "choose somebody who is here",
        ),
        (
            sides.crm_user.is_none(),
            "crm_user",
            "choose one that the last sync found",
        ),
    ];
    for (is_missing, field, message) in missing {
        if is_missing {
            let error = Error::field(counterpart_model::Code::RequestInvalid, field, message);
            let form = FormProblems::of(&error).unwrap_or_default();
            return page(&portal, StatusCode::UNPROCESSABLE_ENTITY, input, form).await;
        }
    }
    let (Some((person, known)), Some((crm_user, _))) = (sides.person, sides.crm_user) else {
        return page(&portal, StatusCode::OK, input, FormProblems::default()).await;
    };
    let (service, actor) = (&portal.service, &portal.actor);
    let checked = service
        .check_pair(actor, connection, person, &crm_user)
        .await?;
    let moves = input.move_here == "on";
    if checked.is_there || (!checked.is_free() && !moves) {
        return page(
            &portal,
            StatusCode::CONFLICT,
            input,
            FormProblems::default(),
        )
        .await;
    }
    service
        .draft_pair(actor, connection, person, &crm_user, moves)
        .await?;
    if input.back.is_empty() || input.back.contains("/mapping/add") {
        let added = address(
            &portal.path("/mapping/add"),
            &[
                ("connection", &connection.to_string()),
                ("added", &known.name),
            ],
        );
        return portal.go(&added);
    }
    portal.go(&format!("{}#seat-{connection}-{person}", input.back))
}

/// The connection that the form names, or the first one.
async fn connection_of(portal: &Portal, input: &Input) -> Result<ConnectionId, Problem> {
    if let Ok(id) = input.connection.parse() {
        return Ok(id);
    }
    let overview = portal.service.overview(&portal.actor, None).await?;
    let first = overview.connections.first();
    first.map(|counts| counts.connection.id).ok_or_else(|| {
        Error::new(
            counterpart_model::Code::RequestNotFound,
            "no CRM is connected yet, so that nobody can be mapped",
        )
        .into()
    })
}

async fn sides(portal: &Portal, connection: ConnectionId, input: &Input) -> Result<Sides, Problem> {
    let (person, user) = (input.person.trim(), input.crm_user.trim());
    let mut sides = Sides::default();
    if !person.is_empty() {
        match portal.service.person_named(&portal.actor, person).await {
            Ok(found) => sides.person = Some((found.id, known_person(&found))),
            Err(error) if error.kind() == Kind::NotFound => {
                sides.people = people_like(portal, person).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !user.is_empty() {
        let id = CrmUserId(user.to_owned());
        let view = portal.service.crm_user_view(&portal.actor, connection, &id);
        match view.await {
            Ok(found) => {
                let known = known_user(found.row.as_ref(), &found.id);
                sides.crm_user = Some((found.id, known));
            }
            Err(error) if error.kind() == Kind::NotFound => {
                sides.crm_users = users_like(portal, connection, user).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(sides)
}

async fn page(portal: &Portal, status: StatusCode, input: Input, form: FormProblems) -> Answer {
    let connection = connection_of(portal, &input).await?;
    let view = portal
        .service
        .connection_view(&portal.actor, connection)
        .await?;
    let sides = sides(portal, connection, &input).await?;
    let conflict = match (&sides.person, &sides.crm_user) {
        (Some((person, _)), Some((user, _))) => {
            let checked = portal
                .service
                .check_pair(&portal.actor, connection, *person, user)
                .await?;
            conflict(portal, &checked)
        }
        _ => None,
    };
    let connections = portal
        .service
        .overview(&portal.actor, None)
        .await?
        .connections;
    let page = Page {
        shell: portal.shell(Place::Mapping, "Add a mapping").await?,
        path: portal.path("/mapping/add"),
        base: portal.path("/mapping"),
        back: input.back.clone(),
        connections: connections
            .into_iter()
            .map(|counts| {
                let id = counts.connection.id;
                (id.to_string(), counts.connection.name, id == connection)
            })
            .collect(),
        provider: Provider::named(&portal.service, &view.connection.provider),
        connection: view.connection.name,
        person: sides.person.map(|(_, known)| known),
        crm_user: sides.crm_user.map(|(_, known)| known),
        people: sides.people,
        crm_users: sides.crm_users,
        conflict,
        input: Input {
            connection: connection.to_string(),
            ..input
        },
        form,
    };
    show_with(status, &page)
}

/// What stands in the way of a pair, or is replaced by it; `None` where nothing does.
fn conflict(portal: &Portal, checked: &PairCheck) -> Option<Conflict> {
    let is_clear = checked.is_free() && checked.replaced.is_empty();
    (!is_clear).then(|| Conflict {
        is_there: checked.is_there,
        replaced: checked
            .replaced
            .iter()
            .map(|view| {
                view.crm_user.as_ref().map_or_else(
                    || view.mapping.crm_user_id.to_string(),
                    |user| format!("{} ({})", user.profile.display_name, user.id),
                )
            })
            .collect(),
        holders: checked
            .holders
            .iter()
            .map(|view| {
                let id = view.mapping.person_id;
                let name = view.person.as_ref().map_or_else(
                    || id.to_string(),
                    |person| person.profile.display_name.clone(),
                );
                (name, portal.path(&format!("/people/{id}")))
            })
            .collect(),
    })
}
