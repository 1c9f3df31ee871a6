//! `/o/{organization}/settings/second-person`: whether changes need a second person.

use std::num::NonZeroU32;

use axum::http::StatusCode;
use counterpart_model::Code;
use counterpart_service::Error;
use serde::Deserialize;

use super::page::{Said, page, refused};
use crate::problem::Answer;
use crate::request::Sent;
use crate::session::Portal;

#[derive(Deserialize)]
pub(super) struct Input {
    /// Anything when it is ticked.
    #[serde(default)]
    asked: String,
    #[serde(default)]
    lines: String,
}

/// `POST /o/{organization}/settings/second-person`
pub(super) async fn set(mut portal: Portal, Sent(input): Sent<Input>) -> Answer {
    let set = match wanted(&input) {
        Ok(from) => portal.service.set_second_person(&portal.actor, from).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(organization) => {
            let done = match organization.second_person_from {
                Some(_) => "From now on a second person is asked.",
                None => "Nobody is asked any more. What waits already goes on to wait.",
            };
            portal.organization = organization;
            let said = Said {
                done: Some(done.to_owned()),
                ..Said::default()
            };
            page(&portal, StatusCode::OK, said).await
        }
        Err(error) => {
            refused(&portal, error, |second_person| Said {
                second_person,
                ..Said::default()
            })
            .await
        }
    }
}

/// From how many lines on; one when it is ticked and no number is given.
fn wanted(input: &Input) -> Result<Option<NonZeroU32>, Error> {
    if input.asked.is_empty() {
        return Ok(None);
    }
    let text = input.lines.trim();
    if text.is_empty() {
        return Ok(Some(NonZeroU32::MIN));
    }
    text.parse().map(Some).map_err(|_| {
        Error::field(
            Code::OrganizationInvalid,
            "lines",
            "enter a whole number from 1 on",
        )
    })
}
