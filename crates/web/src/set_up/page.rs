//! `/setup/{link}`: organization, time zone, e-mail, password.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse as _;
use axum_extra::extract::CookieJar;
use counterpart_model::Code;
use counterpart_service::Error;
use counterpart_service::access::SetUp;
use secrecy::SecretString;
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{At, Sent};
use crate::session::{last, opened};
use crate::shell::{go, show_with};
use crate::{App, times};

/// The fewest characters of a password, as the service demands them.
const SHORTEST_PASSWORD: usize = 8;

#[derive(Template)]
#[template(path = "set_up/page.html")]
struct Page {
    link: String,
    organization: String,
    time_zone: String,
    /// Whether the time zone was chosen by somebody, so that no script should guess it.
    chosen: bool,
    email: String,
    zones: Vec<String>,
    shortest: usize,
    form: FormProblems,
}

#[derive(Deserialize)]
pub(super) struct Input {
    organization: String,
    time_zone: String,
    email: String,
    password: SecretString,
}

/// `GET /setup/{link}`
pub(super) async fn show(State(app): State<App>, At(link): At<String>) -> Answer {
    let secret = SecretString::from(link.clone());
    if !app.service.is_setup_link(&secret).await? {
        return Err(Error::new(Code::AuthSetupLink, Code::AuthSetupLink.title()).into());
    }
    crate::shell::show(&Page {
        link,
        organization: String::new(),
        time_zone: "UTC".to_owned(),
        chosen: false,
        email: String::new(),
        zones: times::zone_names(),
        shortest: SHORTEST_PASSWORD,
        form: FormProblems::default(),
    })
}

/// `POST /setup/{link}`: founds the organization and signs its owner in.
pub(super) async fn create(
    State(app): State<App>,
    At(link): At<String>,
    jar: CookieJar,
    Sent(input): Sent<Input>,
) -> Answer {
    let set_up = SetUp {
        link: link.clone().into(),
        organization: input.organization.clone(),
        time_zone: input.time_zone.trim().to_owned(),
        email: input.email.clone(),
        password: input.password,
    };
    match app.service.set_up(set_up).await {
        Ok((signed_in, organization)) => {
            let jar = jar
                .add(opened(&signed_in.cookie, &app.options))
                .add(last(organization.id, &app.options));
            let onwards = go(&format!("/o/{}", organization.id), false)?;
            Ok((jar, onwards).into_response())
        }
        Err(error) => match FormProblems::of(&error) {
            Some(form) => show_with(
                status(&error),
                &Page {
                    link,
                    organization: input.organization,
                    time_zone: input.time_zone,
                    chosen: true,
                    email: input.email,
                    zones: times::zone_names(),
                    shortest: SHORTEST_PASSWORD,
                    form,
                },
            ),
            None => Err(error.into()),
        },
    }
}
