//! `/o/{organization}/mapping/hand-over`: from a day on, a CRM user is somebody else.
//!
//! The first step asks who and when, the second says what falls on which side, and one button
//! does it. It is not put into the draft: it is one change set of its own.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{ConnectionId, CrmUserId, PageRequest, PersonId, Role};
use counterpart_service::mapping::{HandOver, HandOverPlan};
use counterpart_service::{Error, Kind};
use counterpart_store::crm_users::CrmUserQuery;
use serde::Deserialize;

use super::lookup::{Known, known_user};
use crate::form::FormProblems;
use crate::problem::{Answer, Problem, status};
use crate::providers::Provider;
use crate::request::{Asked, Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

/// How many people and CRM users are offered; others are typed.
const OFFERED: u32 = 200;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    connection: String,
    /// The CRM user's id.
    crm_user: String,
    /// Who it is then: name, e-mail address, external id, extension or id.
    to: String,
    /// A day, or a local time.
    from: String,
    /// Whose place is taken, by the same words; of a shared seat.
    instead_of: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "mapping/hand_over.html")]
struct Page {
    shell: Shell,
    path: String,
    back: String,
    connection: String,
    provider: Provider,
    /// The CRM user that is handed over, once it is known.
    crm_user: Option<Known>,
    input: Input,
    /// Name and e-mail address or id of those who are offered.
    people: Vec<(String, String)>,
    crm_users: Vec<(String, String)>,
    /// Whether it must be said whose place is taken.
    shared: bool,
    plan: Option<HandOverPlan>,
    form: FormProblems,
}

/// `GET /o/{organization}/mapping/hand-over`: asks, or says what would change.
pub(super) async fn show(portal: Portal, Asked(mut input): Asked<Input>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let is_asked = !input.to.trim().is_empty() && !input.from.trim().is_empty();
    if input.from.is_empty() {
        input.from = portal.times.day(portal.service.now());
    }
    if !is_asked {
        let form = FormProblems::default();
        return page(&portal, StatusCode::OK, input, None, form).await;
    }
    let planned = match wanted(&portal, &input).await {
        Ok(wanted) => portal.service.plan_hand_over(&portal.actor, &wanted).await,
        Err(error) => Err(error),
    };
    match planned {
        Ok(plan) => {
            let form = FormProblems::default();
            page(&portal, StatusCode::OK, input, Some(plan), form).await
        }
        Err(error) => refused(&portal, input, error).await,
    }
}

/// `POST /o/{organization}/mapping/hand-over`: does it.
pub(super) async fn hand_over(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let reason = Some(input.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let done = match wanted(&portal, &input).await {
        Ok(wanted) => {
            portal
                .service
                .hand_over(&portal.actor, &wanted, reason)
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok((_, applied)) => portal.go(&portal.path(&format!("/changes/{}", applied.number))),
        Err(error) => refused(&portal, input, error).await,
    }
}

/// The form again, with what is wrong.
async fn refused(portal: &Portal, input: Input, error: Error) -> Answer {
    let is_about_form = error.kind() == Kind::NotFound && connection_of(&input).is_ok();
    match FormProblems::of(&error) {
        Some(form) => page(portal, status(&error), input, None, form).await,
        None if is_about_form => {
            let about = Error::field(
                counterpart_model::Code::RequestInvalid,
                if error.code() == counterpart_model::Code::CrmUserNotFound {
                    "crm_user"
                } else {
                    "to"
                },
                error.detail(),
            );
            let form = FormProblems::of(&about).unwrap_or_default();
            page(portal, StatusCode::UNPROCESSABLE_ENTITY, input, None, form).await
        }
        None => Err(error.into()),
    }
}

async fn wanted(portal: &Portal, input: &Input) -> Result<HandOver, Error> {
    let person = async |text: &str| -> Result<PersonId, Error> {
        let found = portal.service.person_named(&portal.actor, text.trim());
        Ok(found.await?.id)
    };
    let instead_of = match input.instead_of.trim() {
        "" => None,
        text => Some(person(text).await?),
    };
    Ok(HandOver {
        connection_id: connection_of(input)?,
        crm_user_id: CrmUserId(input.crm_user.trim().to_owned()),
        person_id: person(&input.to).await?,
        from: input.from.clone(),
        instead_of,
    })
}

fn connection_of(input: &Input) -> Result<ConnectionId, Error> {
    input.connection.parse().map_err(|_| {
        Error::new(
            counterpart_model::Code::RequestNotFound,
            "a hand-over needs a connection; begin at a cell of the mapping, or at a person",
        )
    })
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    input: Input,
    plan: Option<HandOverPlan>,
    form: FormProblems,
) -> Answer {
    let id = connection_of(&input)?;
    let view = portal.service.connection_view(&portal.actor, id).await?;
    let back = address(
        &portal.path("/mapping"),
        &[("connection", &input.connection)],
    );
    let page = Page {
        shell: portal.shell(Place::Mapping, "Hand over a seat").await?,
        path: portal.path("/mapping/hand-over"),
        back,
        provider: Provider::named(&portal.service, &view.connection.provider),
        connection: view.connection.name,
        crm_user: named(portal, id, &input).await?,
        people: people(portal).await?,
        crm_users: crm_users(portal, id).await?,
        shared: form.problem("instead_of").is_some() || !input.instead_of.is_empty(),
        input,
        plan,
        form,
    };
    show_with(status, &page)
}

/// The CRM user that the form names, with whom it is now.
async fn named(
    portal: &Portal,
    connection: ConnectionId,
    input: &Input,
) -> Result<Option<Known>, Problem> {
    let typed = input.crm_user.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let id = CrmUserId(typed.to_owned());
    let view = portal.service.crm_user_view(&portal.actor, connection, &id);
    match view.await {
        Ok(found) => Ok(Some(known_user(found.row.as_ref(), &found.id))),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Those who work here, by what leads to them alone: address, external id or id.
async fn people(portal: &Portal) -> Result<Vec<(String, String)>, Problem> {
    let page = PageRequest::first(OFFERED);
    let (people, _) = portal
        .service
        .list_people(&portal.actor, "", Some(true), &page)
        .await?;
    let offered = people.items.into_iter().map(|person| {
        let key = person
            .external_id
            .or_else(|| person.profile.emails.into_iter().next());
        let key = key.unwrap_or_else(|| person.id.to_string());
        (key, person.profile.display_name)
    });
    Ok(offered.collect())
}

async fn crm_users(
    portal: &Portal,
    connection: ConnectionId,
) -> Result<Vec<(String, String)>, Problem> {
    let filter = CrmUserQuery {
        usable_only: true,
        ..CrmUserQuery::default()
    };
    let page = PageRequest::first(OFFERED);
    let users = portal
        .service
        .list_crm_users(&portal.actor, connection, "", &filter, &page)
        .await?;
    let offered = users.items.into_iter();
    Ok(offered
        .map(|user| (user.id.0, user.profile.display_name))
        .collect())
}
