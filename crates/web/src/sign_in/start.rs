//! `/`: leads to the organization that was looked at last, or the first one.

use askama::Template;
use axum_extra::extract::CookieJar;

use crate::problem::Answer;
use crate::session::{SignedIn, remembered};
use crate::shell::{go, show};

#[derive(Template)]
#[template(path = "sign_in/nowhere.html")]
struct Nowhere {
    email: String,
}

/// `GET /`
pub(super) async fn choose(signed_in: SignedIn, jar: CookieJar) -> Answer {
    let organizations = signed_in
        .service
        .organizations_of(signed_in.account.id)
        .await?;
    let remembered = remembered(&jar).filter(|id| {
        organizations
            .iter()
            .any(|(organization, _)| organization.id == *id)
    });
    match remembered.or_else(|| organizations.first().map(|(first, _)| first.id)) {
        Some(id) => go(&format!("/o/{id}"), false),
        None => show(&Nowhere {
            email: signed_in.account.email,
        }),
    }
}
