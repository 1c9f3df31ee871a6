//! Adding members, and setting their passwords.

use axum::http::StatusCode;
use counterpart_model::Role;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::page::{Said, page, refused};
use crate::problem::Answer;
use crate::request::Sent;
use crate::session::Portal;

#[derive(Deserialize)]
pub(super) struct Input {
    email: String,
    role: Role,
    /// For an address that has no account yet; empty for one that has.
    #[serde(default)]
    password: SecretString,
}

/// `POST /o/{organization}/settings/members`
pub(super) async fn add(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    let email = input.email.trim();
    let added = if input.password.expose_secret().is_empty() {
        portal
            .service
            .invite_account(&portal.actor, email, input.role)
            .await
    } else {
        portal
            .service
            .create_account(&portal.actor, email, input.password, input.role)
            .await
    };
    match added {
        Ok(account) => {
            let done = format!("{} belongs here as {}.", account.email, input.role);
            page(
                &portal,
                StatusCode::OK,
                Said {
                    done: Some(done),
                    ..Said::default()
                },
            )
            .await
        }
        Err(error) => {
            let email = email.to_owned();
            refused(&portal, error, |member| Said {
                member,
                member_email: email,
                ..Said::default()
            })
            .await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    email: String,
    password: SecretString,
}

/// `POST /o/{organization}/settings/password`
pub(super) async fn set_password(portal: Portal, Sent(input): Sent<NewPassword>) -> Answer {
    let email = input.email.trim().to_owned();
    match portal
        .service
        .set_password(&portal.actor, &email, input.password)
        .await
    {
        Ok(()) if email.eq_ignore_ascii_case(&portal.account.email) => portal.go("/sign-in"),
        Ok(()) => {
            let done = format!("{email} has a new password and was signed out everywhere.");
            page(
                &portal,
                StatusCode::OK,
                Said {
                    done: Some(done),
                    ..Said::default()
                },
            )
            .await
        }
        Err(error) => {
            refused(&portal, error, |password| Said {
                password,
                password_email: email,
                ..Said::default()
            })
            .await
        }
    }
}
