//! `/o/{organization}/settings/organizations`: founding a further organization.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::Role;
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::Sent;
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::zone_names;

#[derive(Template)]
#[template(path = "settings/organization.html")]
struct Page {
    shell: Shell,
    base: String,
    input: Input,
    zones: Vec<String>,
    form: FormProblems,
}

#[derive(Debug, Deserialize)]
pub(super) struct Input {
    organization: String,
    time_zone: String,
}

/// `GET /o/{organization}/settings/organizations`
pub(super) async fn show(portal: Portal) -> Answer {
    portal.actor.require(Role::Owner)?;
    let time_zone = portal.organization.time_zone.clone();
    let input = Input {
        organization: String::new(),
        time_zone,
    };
    page(&portal, StatusCode::OK, input, FormProblems::default()).await
}

/// `POST /o/{organization}/settings/organizations`
pub(super) async fn create(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    let zone = input.time_zone.trim();
    let made = portal
        .service
        .create_own_organization(&portal.actor, &input.organization, zone)
        .await;
    match made {
        Ok(organization) => portal.go(&format!("/o/{}", organization.id)),
        Err(error) => match FormProblems::of(&error) {
            Some(form) => page(&portal, status(&error), input, form).await,
            None => Err(error.into()),
        },
    }
}

async fn page(portal: &Portal, status: StatusCode, input: Input, form: FormProblems) -> Answer {
    let page = Page {
        shell: portal.shell(Place::Settings, "New organization").await?,
        base: portal.path("/settings"),
        input,
        zones: zone_names(),
        form,
    };
    show_with(status, &page)
}
