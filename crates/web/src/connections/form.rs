//! A connection's form: new or existing, tested or saved.
//!
//! What was typed into credentials is not written back, not even when something else is wrong;
//! with scripts only the outcome is swapped, so that nothing typed is lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use counterpart_connector::Connector;
use counterpart_manifest::{Manifest, SIGN_IN_SETTING, SignIn};
use counterpart_model::{Code, Connection, ConnectionId, Environment, OrganizationId, Role};
use counterpart_service::connections::{ConnectionInput, TestReport};
use counterpart_service::{Error, Service};

use super::consent::Callback;
use super::fields::{CheckView, FieldView, Filled, PermissionView, StepView, steps};
use super::outcome::Outcome;
use crate::form::FormProblems;
use crate::problem::{Answer, Problem, status};
use crate::providers::Provider;
use crate::request::{At, Sent};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

#[derive(Template)]
#[template(path = "connections/form.html")]
struct Page {
    shell: Shell,
    title: String,
    provider: Provider,
    action: String,
    cancel: String,
    new: bool,
    name: String,
    name_problem: Option<String>,
    environment: String,
    sandbox_word: String,
    version: u64,
    /// The way of signing in that the form is for; empty where there is only one.
    way: String,
    ways: Vec<WayView>,
    /// Where the vendor sends browsers back to, when somebody signs in there after saving.
    callback: Option<Callback>,
    /// Whether a code in it works only once: then saving is the test.
    once: bool,
    /// What to ask for when a code is made.
    scopes: String,
    fields: Vec<FieldView>,
    advanced: Vec<FieldView>,
    steps: Vec<StepView>,
    permissions: Vec<PermissionView>,
    outcome: Outcome,
}

/// A way of signing in, to choose.
pub(super) struct WayView {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) chosen: bool,
}

impl WayView {
    /// The ways of a manifest; none where there is only one.
    pub(super) fn all(manifest: &Manifest, chosen: &SignIn) -> Vec<Self> {
        let ways = manifest.sign_in.iter();
        ways.filter(|_| manifest.sign_in.len() > 1)
            .map(|way| Self {
                name: way.name().to_owned(),
                title: way.title().to_owned(),
                chosen: way.name() == chosen.name(),
            })
            .collect()
    }
}

/// The form as it was sent: every field by its name.
pub(super) type Fields = Vec<(String, String)>;

/// The form, read.
struct Input {
    name: String,
    environment: String,
    version: u64,
    settings: BTreeMap<String, String>,
    credentials: BTreeMap<String, secrecy::SecretString>,
    untested: bool,
    test: bool,
}

impl Input {
    fn read(fields: Fields) -> Self {
        let mut input = Self {
            name: String::new(),
            environment: String::new(),
            version: 0,
            settings: BTreeMap::new(),
            credentials: BTreeMap::new(),
            untested: false,
            test: false,
        };
        for (name, value) in fields {
            if let Some(setting) = name.strip_prefix("s.") {
                input.settings.insert(setting.to_owned(), value);
            } else if let Some(credential) = name.strip_prefix("c.") {
                input
                    .credentials
                    .insert(credential.to_owned(), value.into());
            } else {
                match name.as_str() {
                    "name" => input.name = value,
                    "environment" => input.environment = value,
                    "version" => input.version = value.parse().unwrap_or_default(),
                    "untested" => input.untested = value == "on",
                    "action" => input.test = value == "test",
                    _ => {}
                }
            }
        }
        input
    }

    fn of(connection: &Connection) -> Self {
        Self {
            name: connection.name.clone(),
            environment: connection.environment.as_str().to_owned(),
            version: connection.version,
            settings: connection.settings.clone(),
            ..Self::read(Vec::new())
        }
    }

    fn to_service(&self, provider: &str, existing: Option<ConnectionId>) -> ConnectionInput {
        ConnectionInput {
            existing: existing.map(|id| (id, self.version)),
            provider: provider.to_owned(),
            name: self.name.clone(),
            environment: match self.environment.as_str() {
                "production" => Some(Environment::Production),
                "sandbox" => Some(Environment::Sandbox),
                _ => None,
            },
            settings: self.settings.clone(),
            credentials: self.credentials.clone(),
            untested: self.untested,
        }
    }
}

/// What a form is about.
struct Subject {
    connector: Arc<dyn Connector>,
    existing: Option<Connection>,
    callback: Callback,
}

impl Subject {
    fn new(portal: &Portal, callback: Callback, provider: &str) -> Result<Self, Problem> {
        portal.actor.require(Role::Admin)?;
        let connector = portal.service.connectors().get(provider).ok_or_else(|| {
            Error::new(
                Code::ConnectionProviderUnknown,
                format!("there is no connector for `{provider}`"),
            )
        })?;
        Ok(Self {
            connector: Arc::clone(connector),
            existing: None,
            callback,
        })
    }

    async fn existing(
        portal: &Portal,
        callback: Callback,
        id: ConnectionId,
    ) -> Result<Self, Problem> {
        let view = portal.service.connection_view(&portal.actor, id).await?;
        let subject = Self::new(portal, callback, &view.connection.provider)?;
        Ok(Self {
            existing: Some(view.connection),
            ..subject
        })
    }

    fn id(&self) -> Option<ConnectionId> {
        self.existing.as_ref().map(|connection| connection.id)
    }
}

/// Which way of signing in the form is for; the first without it.
#[derive(serde::Deserialize)]
pub(super) struct Chosen {
    way: Option<String>,
}

/// `GET /o/{organization}/connections/new/{provider}`
pub(super) async fn show_new(
    portal: Portal,
    callback: Callback,
    At((_, provider)): At<(OrganizationId, String)>,
    Query(query): Query<Chosen>,
) -> Answer {
    let subject = Subject::new(&portal, callback, &provider)?;
    let mut input = Input::read(Vec::new());
    if let Some(way) = query.way {
        input.settings.insert(SIGN_IN_SETTING.to_owned(), way);
    }
    page(
        &portal,
        StatusCode::OK,
        &subject,
        input,
        &FormProblems::default(),
        Outcome::NONE,
    )
    .await
}

/// `POST /o/{organization}/connections/new/{provider}`
pub(super) async fn send_new(
    portal: Portal,
    callback: Callback,
    At((_, provider)): At<(OrganizationId, String)>,
    Sent(fields): Sent<Fields>,
) -> Answer {
    let subject = Subject::new(&portal, callback, &provider)?;
    send(&portal, subject, Input::read(fields)).await
}

/// `GET /o/{organization}/connections/{connection}/edit`
pub(super) async fn show_edit(
    portal: Portal,
    callback: Callback,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Query(query): Query<Chosen>,
) -> Answer {
    let subject = Subject::existing(&portal, callback, id).await?;
    let mut input = subject
        .existing
        .as_ref()
        .map_or_else(|| Input::read(Vec::new()), Input::of);
    if let Some(way) = query.way {
        input.settings.insert(SIGN_IN_SETTING.to_owned(), way);
    }
    page(
        &portal,
        StatusCode::OK,
        &subject,
        input,
        &FormProblems::default(),
        Outcome::NONE,
    )
    .await
}

/// `POST /o/{organization}/connections/{connection}/edit`
pub(super) async fn send_edit(
    portal: Portal,
    callback: Callback,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Sent(fields): Sent<Fields>,
) -> Answer {
    let subject = Subject::existing(&portal, callback, id).await?;
    send(&portal, subject, Input::read(fields)).await
}

async fn send(portal: &Portal, subject: Subject, input: Input) -> Answer {
    let provider = subject.connector.manifest().provider.clone();
    let wanted = input.to_service(&provider, subject.id());
    if input.test {
        let outcome = portal.service.test_connection(&portal.actor, wanted).await;
        return tested(portal, &subject, input, outcome).await;
    }
    match portal.service.save_connection(&portal.actor, wanted).await {
        Ok(connection) if waits_for_consent(&portal.service, &connection) => {
            let path = format!("/connections/{}/sign-in", connection.id);
            portal.go(&portal.path(&path))
        }
        Ok(connection) => {
            super::consent::sync(portal, connection.id).await;
            portal.go(&portal.path(&format!("/connections/{}", connection.id)))
        }
        Err(error) => refused(portal, &subject, input, &error, true).await,
    }
}

/// Whether somebody has to sign in at the vendor before the connection works.
pub(super) fn waits_for_consent(service: &Service, connection: &Connection) -> bool {
    let connector = service.connectors().get(&connection.provider);
    let way = connector.map(|known| known.manifest().sign_in_of(&connection.settings));
    way.is_some_and(|way| way.authorize().is_some())
        && connection.health.code == Some(Code::ConnectionUnauthorized)
        && !connection
            .credentials
            .iter()
            .any(|name| name == "refresh_token")
}

async fn tested(
    portal: &Portal,
    subject: &Subject,
    mut input: Input,
    outcome: Result<TestReport, Error>,
) -> Answer {
    match outcome {
        Ok(report) => {
            input.settings.extend(report.settings);
            let outcome = Outcome {
                check: Some(CheckView::from(&report.check)),
                retype: has_secrets(&input) && !portal.fragment,
                ..Outcome::NONE
            };
            let status = StatusCode::OK;
            if portal.fragment {
                return show_with(status, &outcome);
            }
            let problems = FormProblems::default();
            page(portal, status, subject, input, &problems, outcome).await
        }
        Err(error) => refused(portal, subject, input, &error, false).await,
    }
}

fn has_secrets(input: &Input) -> bool {
    use secrecy::ExposeSecret as _;
    input
        .credentials
        .values()
        .any(|secret| !secret.expose_secret().is_empty())
}

async fn refused(
    portal: &Portal,
    subject: &Subject,
    input: Input,
    error: &Error,
    saving: bool,
) -> Answer {
    let manifest = subject.connector.manifest();
    let label = |name: &str| {
        let field = manifest.setting(name).or_else(|| manifest.credential(name));
        field.map_or_else(|| crate::words::sentence(name), |field| field.label.clone())
    };
    let (mut outcome, problems) = Outcome::refused(error, label)?;
    outcome.insist = saving && error.fields().is_empty();
    outcome.retype = has_secrets(&input) && !portal.fragment;
    if portal.fragment {
        return show_with(status(error), &outcome);
    }
    page(portal, status(error), subject, input, &problems, outcome).await
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    subject: &Subject,
    input: Input,
    problems: &FormProblems,
    outcome: Outcome,
) -> Answer {
    let manifest = subject.connector.manifest();
    let no_credentials = Vec::new();
    let stored = subject
        .existing
        .as_ref()
        .map_or(&no_credentials, |connection| &connection.credentials);
    let filled = Filled {
        settings: &input.settings,
        stored,
        problems,
    };
    let (fields, advanced) = filled.fields(manifest);
    let (steps, permissions) = steps(manifest, None);
    let provider = Provider::of(manifest);
    let chosen = manifest.sign_in_of(&input.settings);
    let (title, action, cancel) = match &subject.existing {
        Some(connection) => {
            let path = portal.path(&format!("/connections/{}", connection.id));
            (
                format!("Edit {}", connection.name),
                format!("{path}/edit"),
                path,
            )
        }
        None => (
            format!("Connect {}", provider.title),
            portal.path(&format!("/connections/new/{}", provider.name)),
            portal.path("/connections/new"),
        ),
    };
    let page = Page {
        shell: portal.shell(Place::Connections, &title).await?,
        title,
        action,
        cancel,
        new: subject.existing.is_none(),
        name: input.name,
        name_problem: problems.problem("name").map(str::to_owned),
        environment: input.environment,
        sandbox_word: manifest
            .environments
            .sandbox_word
            .clone()
            .unwrap_or_else(|| "Sandbox".to_owned()),
        version: input.version,
        way: chosen.name().to_owned(),
        ways: WayView::all(manifest, chosen),
        callback: chosen.authorize().map(|_| subject.callback.clone()),
        once: subject.existing.is_none() && fields.iter().any(|field| field.once),
        scopes: scopes(manifest, chosen),
        fields,
        advanced,
        steps,
        permissions,
        provider,
        outcome,
    };
    show_with(status, &page)
}

/// What to ask for when a code is made on the vendor's side; empty where none is.
pub(super) fn scopes(manifest: &Manifest, way: &SignIn) -> String {
    let makes_code = matches!(
        way,
        SignIn::Oauth2Refresh {
            authorize: None,
            ..
        }
    );
    let suite = manifest.suite.as_ref().filter(|_| makes_code);
    suite.map_or_else(String::new, |suite| suite.scopes.join(&suite.separator))
}
