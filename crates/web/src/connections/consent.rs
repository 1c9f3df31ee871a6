//! Signing in by a redirect: the way there, and the way back.

use askama::Template;
use axum::extract::{OriginalUri, Query, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode, Uri};
use counterpart_model::{Code, ConnectionId, OrganizationId};
use counterpart_service::Error;
use counterpart_service::connections::connection_of_state;
use counterpart_service::sync::SyncMode;
use serde::Deserialize;
use url::form_urlencoded;

use crate::App;
use crate::problem::{Answer, ProblemView};
use crate::providers::Provider;
use crate::request::At;
use crate::session::Portal;
use crate::shell::{Place, Shell, show, show_with};

/// Where vendors send browsers back to; registered with them, so it never changes.
pub(crate) const BACK: &str = "/connections/signed-in";

#[derive(Template)]
#[template(path = "connections/consent.html")]
struct Page {
    shell: Shell,
    path: String,
    name: String,
    provider: Provider,
    /// The address that is registered with the vendor.
    callback: String,
    /// Where the vendor asks for consent.
    consent: String,
    /// Whether the address is the one that the service was started with.
    certain: bool,
    problem: Option<ProblemView>,
}

#[derive(Template)]
#[template(path = "connections/back.html")]
struct Back {
    target: String,
}

/// The address at which vendors reach us, as an operator said or as this request came.
fn callback(app: &App, headers: &HeaderMap) -> (String, bool) {
    if let Some(public) = &app.options.public_url {
        let base = public.as_str().trim_end_matches('/');
        return (format!("{base}{BACK}"), true);
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    (
        format!("http://{}{BACK}", host.unwrap_or("localhost")),
        false,
    )
}

/// `GET /o/{organization}/connections/{connection}/sign-in`
pub(super) async fn begin(
    State(app): State<App>,
    portal: Portal,
    headers: HeaderMap,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
) -> Answer {
    page(&app, &portal, &headers, id, None).await
}

async fn page(
    app: &App,
    portal: &Portal,
    headers: &HeaderMap,
    id: ConnectionId,
    error: Option<&Error>,
) -> Answer {
    let (callback, certain) = callback(app, headers);
    let service = &portal.service;
    let consent = service.begin_consent(&portal.actor, id, &callback).await?;
    let view = service.connection_view(&portal.actor, id).await?;
    let name = view.connection.name;
    let status = error.map_or(StatusCode::OK, crate::problem::status);
    show_with(
        status,
        &Page {
            shell: portal.shell(Place::Connections, &name).await?,
            path: portal.path(&format!("/connections/{id}")),
            provider: Provider::named(service, &view.connection.provider),
            name,
            callback,
            consent: consent.into(),
            certain,
            problem: error.map(|error| ProblemView::of(error.code(), error.detail())),
        },
    )
}

/// What a vendor sends along (RFC 6749, section 4.1.2).
#[derive(Deserialize)]
pub(super) struct Returned {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// `GET /connections/signed-in`: whoever comes from elsewhere has no cookie with them; the next
/// step, from a page of ours, has.
pub(super) async fn back(
    OriginalUri(uri): OriginalUri,
    Query(returned): Query<Returned>,
) -> Answer {
    let (organization, connection) = connection_of_state(&returned.state).ok_or_else(|| {
        Error::new(
            Code::RequestInvalid,
            "this address is for vendors to send browsers back to, with what they were given",
        )
    })?;
    let query = uri.query().unwrap_or_default();
    show(&Back {
        target: format!("/o/{organization}/connections/{connection}/signed-in?{query}"),
    })
}

/// `GET /o/{organization}/connections/{connection}/signed-in`
pub(super) async fn finish(
    State(app): State<App>,
    portal: Portal,
    headers: HeaderMap,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    uri: Uri,
) -> Answer {
    let returned = read(&uri);
    let service = &portal.service;
    let outcome = if returned.code.is_empty() {
        Err(Error::new(
            Code::ConnectionUnauthorized,
            format!(
                "the vendor sent no code: {} {}",
                returned.error, returned.error_description
            ),
        ))
    } else {
        let code = returned.code.into();
        service
            .finish_consent(&portal.actor, &returned.state, code)
            .await
    };
    match outcome {
        Ok(connection) => {
            let started = service
                .start_sync(&portal.actor, connection.id, SyncMode::Full)
                .await;
            if let Err(error) = started {
                tracing::info!(code = %error.code(), %error, "no sync after signing in");
            }
            portal.go(&portal.path(&format!("/connections/{}", connection.id)))
        }
        Err(error) => page(&app, &portal, &headers, id, Some(&error)).await,
    }
}

fn read(uri: &Uri) -> Returned {
    let mut returned = Returned {
        state: String::new(),
        code: String::new(),
        error: String::new(),
        error_description: String::new(),
    };
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let field = match name.as_ref() {
            "state" => &mut returned.state,
            "code" => &mut returned.code,
            "error" => &mut returned.error,
            "error_description" => &mut returned.error_description,
            _ => continue,
        };
        *field = value.into_owned();
    }
    returned
}
