//! Signing in by a redirect: the way there, and the way back.

use std::convert::Infallible;

use askama::Template;
use axum::extract::{FromRequestParts, OriginalUri, Query};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use counterpart_model::{Code, Connection, ConnectionId, OrganizationId, Role};
use counterpart_service::Error;
use counterpart_service::connections::{SignedIn, connection_of_state};
use counterpart_service::sync::SyncMode;
use serde::Deserialize;
use url::form_urlencoded;

use crate::App;
use crate::problem::{Answer, ProblemView};
use crate::providers::Provider;
use crate::request::{Asked, At};
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
    /// The connections that the same sign-in covers ...
    covered: Vec<String>,
    /// ... and could cover.
    others: Vec<String>,
    /// Whether those that wait to be signed in to are some of them.
    some: bool,
    /// The address that is registered with the vendor.
    callback: Callback,
    /// Where the vendor asks for consent.
    consent: String,
    problem: Option<ProblemView>,
}

#[derive(Template)]
#[template(path = "connections/back.html")]
struct Back {
    target: String,
}

/// The address that vendors send browsers back to, as an operator said or as this request came.
#[derive(Debug, Clone)]
pub(super) struct Callback {
    pub(super) address: String,
    /// Whether it is the one that the service was started with.
    pub(super) certain: bool,
}

impl FromRequestParts<App> for Callback {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        if let Some(public) = &app.options.public_url {
            let base = public.as_str().trim_end_matches('/');
            return Ok(Self {
                address: format!("{base}{BACK}"),
                certain: true,
            });
        }
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        Ok(Self {
            address: format!("http://{}{BACK}", host.unwrap_or("localhost")),
            certain: false,
        })
    }
}

/// Which of its suite's connections a sign-in covers besides: those that wait for one, unless
/// it says `all` or `none`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Scope {
    #[serde(default)]
    with: String,
}

/// `GET /o/{organization}/connections/{connection}/sign-in`
pub(super) async fn begin(
    portal: Portal,
    callback: Callback,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Asked(scope): Asked<Scope>,
) -> Answer {
    page(&portal, callback, id, &scope, None).await
}

async fn page(
    portal: &Portal,
    callback: Callback,
    id: ConnectionId,
    scope: &Scope,
    error: Option<&Error>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let service = &portal.service;
    let view = service.connection_view(&portal.actor, id).await?;
    let connection = &view.connection;
    let connector = service.connectors().get(&connection.provider);
    let way = connector.map(|known| known.manifest().sign_in_of(&connection.settings));
    if way.is_none_or(|way| way.authorize().is_none()) {
        // It is signed in by what its form holds.
        return portal.go(&portal.path(&format!("/connections/{id}/edit")));
    }
    let companions = service.companions(&portal.actor, id).await?;
    let waiting = companions.iter().filter(|(_, waits)| *waits).count();
    let (covered, others): (Vec<_>, Vec<_>) = companions.iter().partition(|(_, waits)| match scope
        .with
        .as_str()
    {
        "all" => true,
        "none" => false,
        _ => *waits,
    });
    let with: Vec<_> = covered
        .iter()
        .map(|(connection, _)| connection.id)
        .collect();
    let consent = service
        .begin_consent(&portal.actor, id, &callback.address, &with)
        .await?;
    let names = |them: &[&(Connection, bool)]| {
        let names = them.iter().map(|(connection, _)| connection.name.clone());
        names.collect()
    };
    let name = view.connection.name;
    let status = error.map_or(StatusCode::OK, crate::problem::status);
    show_with(
        status,
        &Page {
            shell: portal.shell(Place::Connections, &name).await?,
            path: portal.path(&format!("/connections/{id}")),
            provider: Provider::named(service, &view.connection.provider),
            name,
            covered: names(&covered),
            others: names(&others),
            some: waiting > 0 && waiting < companions.len(),
            callback,
            consent: consent.into(),
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
    portal: Portal,
    callback: Callback,
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
        Ok(signed_in) => {
            let SignedIn { connection, with } = signed_in;
            let alone = with.is_empty();
            let main = connection.id;
            for connection in std::iter::once(connection).chain(with) {
                sync(&portal, connection.id).await;
            }
            portal.go(&portal.path(&if alone {
                format!("/connections/{main}")
            } else {
                "/connections".to_owned()
            }))
        }
        Err(error) => page(&portal, callback, id, &Scope::default(), Some(&error)).await,
    }
}

/// Begins to read the users. A sync that cannot begin says why on the connection's page.
pub(super) async fn sync(portal: &Portal, id: ConnectionId) {
    let started = portal
        .service
        .start_sync(&portal.actor, id, SyncMode::Full)
        .await;
    if let Err(error) = started {
        tracing::info!(code = %error.code(), %error, "no sync after saving");
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
