//! A person leaves, or comes back.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{OrganizationId, PersonId, Role};
use counterpart_service::people::EndMappings;
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{At, Sent};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

#[derive(Template)]
#[template(path = "people/leave.html")]
struct Page {
    shell: Shell,
    path: String,
    name: String,
    /// The mappings that hold now: connection and CRM user.
    mappings: Vec<(String, String)>,
    end: String,
    on: String,
    form: FormProblems,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Input {
    /// `now`, `on` or `keep`.
    #[serde(default)]
    end: String,
    #[serde(default)]
    on: String,
}

/// `GET /o/{organization}/people/{person}/deactivate`
pub(super) async fn show(portal: Portal, At((_, id)): At<(OrganizationId, PersonId)>) -> Answer {
    let input = Input {
        end: "now".to_owned(),
        on: portal.times.day(portal.service.now()),
    };
    page(&portal, StatusCode::OK, id, input, FormProblems::default()).await
}

/// `POST /o/{organization}/people/{person}/deactivate`
pub(super) async fn leave(
    portal: Portal,
    At((_, id)): At<(OrganizationId, PersonId)>,
    Sent(input): Sent<Input>,
) -> Answer {
    let end = match input.end.as_str() {
        "on" => EndMappings::On(input.on.trim().to_owned()),
        "keep" => EndMappings::Keep,
        _ => EndMappings::Now,
    };
    match portal
        .service
        .deactivate_person(&portal.actor, id, &end)
        .await
    {
        Ok(_) => portal.go(&portal.path(&format!("/people/{id}"))),
        Err(error) => match FormProblems::of(&error) {
            Some(problems) => page(&portal, status(&error), id, input, problems).await,
            None => Err(error.into()),
        },
    }
}

/// `POST /o/{organization}/people/{person}/reactivate`
pub(super) async fn come_back(
    portal: Portal,
    At((_, id)): At<(OrganizationId, PersonId)>,
) -> Answer {
    portal.service.reactivate_person(&portal.actor, id).await?;
    portal.go(&portal.path(&format!("/people/{id}")))
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    id: PersonId,
    input: Input,
    form: FormProblems,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let view = portal.service.person_view(&portal.actor, id).await?;
    let now = portal.service.now();
    let name = view.person.profile.display_name;
    let mappings = view
        .mappings
        .into_iter()
        .filter(|view| view.mapping.period.contains(now))
        .map(|view| {
            let user = view.crm_user.map_or_else(
                || view.mapping.crm_user_id.0,
                |user| user.profile.display_name,
            );
            (view.connection, user)
        })
        .collect();
    let page = Page {
        shell: portal
            .shell(Place::People, &format!("{name} leaves"))
            .await?,
        path: portal.path(&format!("/people/{id}")),
        name,
        mappings,
        end: input.end,
        on: input.on,
        form,
    };
    show_with(status, &page)
}
