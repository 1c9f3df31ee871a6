//! `/sign-in` and `/sign-out`.

use std::net::SocketAddr;

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::response::IntoResponse as _;
use axum_extra::extract::CookieJar;
use secrecy::SecretString;
use serde::Deserialize;

use crate::App;
use crate::problem::{Answer, ProblemView, status};
use crate::request::{Asked, Sent};
use crate::session::{closed, opened, presented};
use crate::shell::{go, show as show_page, show_with};

#[derive(Template)]
#[template(path = "sign_in/page.html")]
struct Page {
    email: String,
    next: String,
    problem: Option<ProblemView>,
}

#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Input {
    email: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub(super) async fn show(Asked(query): Asked<Query>) -> Answer {
    show_page(&Page {
        email: String::new(),
        next: query.next,
        problem: None,
    })
}

/// `POST /sign-in`
pub(super) async fn sign_in(
    State(app): State<App>,
    caller: Option<Extension<ConnectInfo<SocketAddr>>>,
    jar: CookieJar,
    Sent(input): Sent<Input>,
) -> Answer {
    let place = caller.map_or_else(
        || "unknown".to_owned(),
        |Extension(ConnectInfo(caller))| caller.ip().to_string(),
    );
    match app
        .service
        .sign_in(input.email.trim(), input.password, &place)
        .await
    {
        Ok(signed_in) => {
            let jar = jar.add(opened(&signed_in.cookie, &app.options));
            Ok((jar, go(own_path(&input.next), false)?).into_response())
        }
        Err(error) => {
            let page = Page {
                email: input.email,
                next: input.next,
                problem: Some(ProblemView::from(&error)),
            };
            let mut answer = show_with(status(&error), &page)?;
            if let Some(wait) = error.wait() {
                let seconds = HeaderValue::from(wait.as_secs().max(1));
                answer.headers_mut().insert(RETRY_AFTER, seconds);
            }
            Ok(answer)
        }
    }
}

/// `POST /sign-out`
pub(super) async fn sign_out(State(app): State<App>, jar: CookieJar) -> Answer {
    if let Some(cookie) = presented(&jar, &app.options) {
        app.service.sign_out(&cookie).await?;
    }
    let jar = jar.add(closed(&app.options));
    Ok((jar, go("/sign-in", false)?).into_response())
}

/// `next` if it leads to a page of ours: a sign-in must not send anybody elsewhere.
fn own_path(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    if own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn signing_in_leads_to_our_own_pages_only() {
        assert_eq!(own_path("/o/1/mapping?show=all"), "/o/1/mapping?show=all");
        for elsewhere in [
            "https://e.example",
            "//e.example",
            "/\\e.example",
            "",
            "/\te",
        ] {
            assert_eq!(own_path(elsewhere), "/");
        }
    }
}
