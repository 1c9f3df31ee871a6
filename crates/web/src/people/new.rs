//! `/o/{organization}/people/new`: adding a person by hand.

use axum::http::StatusCode;
use counterpart_model::Role;

use super::edit::{Input, PersonForm, page};
use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::Sent;
use crate::session::Portal;

/// `GET /o/{organization}/people/new`
pub(super) async fn show(portal: Portal) -> Answer {
    portal.actor.require(Role::Admin)?;
    form(
        &portal,
        StatusCode::OK,
        Input::default(),
        FormProblems::default(),
    )
    .await
}

/// `POST /o/{organization}/people/new`
pub(super) async fn add(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    match portal
        .service
        .add_person(&portal.actor, &input.person())
        .await
    {
        Ok(_) if input.another == "on" => portal.go(&portal.path("/people/new")),
        Ok(person) => portal.go(&portal.path(&format!("/people/{}", person.id))),
        Err(error) => match FormProblems::of(&error) {
            Some(problems) => form(&portal, status(&error), input, problems).await,
            None => Err(error.into()),
        },
    }
}

async fn form(portal: &Portal, status: StatusCode, input: Input, problems: FormProblems) -> Answer {
    let form = PersonForm {
        title: "Add a person".to_owned(),
        action: portal.path("/people/new"),
        cancel: portal.path("/people"),
        button: "Add",
        new: true,
        input,
        problems,
    };
    page(portal, status, form).await
}
