//! `/o/{organization}/settings`

use std::num::NonZeroU32;

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{Role, TokenId};
use counterpart_service::Error;
use secrecy::{ExposeSecret, SecretString};

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::Moment;

#[derive(Template)]
#[template(path = "settings/page.html")]
struct Page {
    shell: Shell,
    base: String,
    name: String,
    time_zone: String,
    members: Vec<Member>,
    tokens: Vec<Token>,
    roles: [Role; 3],
    /// From how many lines on a second person is asked.
    second_person: Option<u32>,
    owner: bool,
    admin: bool,
    said: Said,
}

struct Member {
    email: String,
    role: Role,
    you: bool,
}

struct Token {
    id: TokenId,
    name: String,
    role: Role,
    made: Moment,
    revoked: Option<Moment>,
}

/// What a form has just said, and what it held.
#[derive(Default)]
pub(super) struct Said {
    pub(super) member: FormProblems,
    pub(super) member_email: String,
    pub(super) password: FormProblems,
    pub(super) password_email: String,
    pub(super) second_person: FormProblems,
    pub(super) token: FormProblems,
    pub(super) token_name: String,
    /// A token that was just made. It is shown this once.
    pub(super) secret: Option<SecretString>,
    pub(super) done: Option<String>,
}

impl Said {
    fn secret_text(&self) -> Option<&str> {
        self.secret.as_ref().map(ExposeSecret::expose_secret)
    }
}

/// `GET /o/{organization}/settings`
pub(super) async fn show(portal: Portal) -> Answer {
    page(&portal, StatusCode::OK, Said::default()).await
}

/// The page after one of its forms was refused; `put` says where the problems belong.
pub(super) async fn refused(
    portal: &Portal,
    error: Error,
    put: impl FnOnce(FormProblems) -> Said,
) -> Answer {
    match FormProblems::of(&error) {
        Some(problems) => page(portal, status(&error), put(problems)).await,
        None => Err(error.into()),
    }
}

/// The page with what one of its forms has just said.
pub(super) async fn page(portal: &Portal, status: StatusCode, said: Said) -> Answer {
    let owner = portal.actor.role() >= Role::Owner;
    let members = portal
        .service
        .list_members(&portal.actor)
        .await?
        .into_iter()
        .map(|(account, membership)| Member {
            you: account.id == portal.account.id,
            email: account.email,
            role: membership.role,
        })
        .collect();
    let tokens = if owner {
        portal.service.list_tokens(&portal.actor).await?
    } else {
        Vec::new()
    };
    let page = Page {
        shell: portal.shell(Place::Settings, "Settings").await?,
        base: portal.path("/settings"),
        name: portal.organization.name.clone(),
        time_zone: portal.organization.time_zone.clone(),
        members,
        tokens: tokens
            .into_iter()
            .map(|token| Token {
                id: token.id,
                name: token.name,
                role: token.role,
                made: portal.times.moment(token.created_at),
                revoked: token.revoked_at.map(|at| portal.times.moment(at)),
            })
            .collect(),
        second_person: portal.organization.second_person_from.map(NonZeroU32::get),
        roles: Role::ALL,
        owner,
        admin: portal.actor.role() >= Role::Admin,
        said,
    };
    show_with(status, &page)
}
