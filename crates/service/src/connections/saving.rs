//! Adding and changing connections. What is saved was tested first, unless somebody insists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use counterpart_connector::{
    Access, CheckReport, Connector, ConnectorError, Credentials, ErrorClass, FieldProblem, Settled,
    TokioPause,
};
use counterpart_manifest::SignIn;
use counterpart_model::connection::{Cardinality, Health};
use counterpart_model::{Code, Connection, ConnectionId, Environment, Role, sealed::WrappedKey};
use counterpart_store::connections::{SaveConnection, Saved};
use secrecy::{ExposeSecret as _, SecretString};

use super::health::health_of;
use super::opening::pace_of;
use super::sessions::UnsavedSession;
use super::{OWN, SESSION};
use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

/// What a connection's form holds.
#[derive(Debug, Clone)]
pub struct ConnectionInput {
    /// The connection it changes, with the version its writer saw; `None` for a new one.
    pub existing: Option<(ConnectionId, u64)>,
    /// Which connector.
    pub provider: String,
    /// What it is called; the provider's title when empty.
    pub name: String,
    /// Whether it is for real; found out when nothing is said and the provider tells.
    pub environment: Option<Environment>,
    /// Settings by the names of the manifest, as typed.
    pub settings: BTreeMap<String, String>,
    /// Credentials by the names of the manifest. Those that are missing or empty stay as they
    /// are kept.
    pub credentials: BTreeMap<String, SecretString>,
    /// Save it even when the test fails.
    pub untested: bool,
}

/// What a test of a form showed.
#[derive(Debug, Clone)]
pub struct TestReport {
    /// What the connector found.
    pub check: CheckReport,
    /// The settings as they would be saved.
    pub settings: BTreeMap<String, String>,
}

/// A form made ready: normalised, with what is kept already.
pub(super) struct Ready {
    connector: Arc<dyn Connector>,
    before: Option<Connection>,
    key: WrappedKey,
    settings: BTreeMap<String, String>,
    credentials: Credentials,
    entered: Vec<(String, SecretString)>,
}

impl Ready {
    /// Whether somebody has to consent in a browser before anything can be tried.
    fn waits_for_consent(&self) -> bool {
        let SignIn::Oauth2Refresh {
            code,
            authorize: Some(_),
            ..
        } = self.connector.manifest().sign_in_of(&self.settings)
        else {
            return false;
        };
        let has = |name: &str| self.credentials.get(name).is_some();
        !has(code) && !has(REFRESH_TOKEN)
    }

    /// What was entered that works only once.
    fn one_time(&self) -> Option<&str> {
        let manifest = self.connector.manifest();
        let mut entered = self.entered.iter().map(|(name, _)| name.as_str());
        entered.find(|name| {
            manifest
                .credential(name)
                .is_some_and(|field| field.one_time)
        })
    }
}

/// The credential that signing in by a code or a redirect yields.
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

/// What trying a form out brought.
struct Tried {
    settled: Settled,
    session: UnsavedSession,
    check: std::result::Result<CheckReport, ConnectorError>,
}

impl Tried {
    /// Nothing was tried: somebody has to consent first.
    fn not_yet(ready: &Ready) -> Self {
        let title = &ready.connector.manifest().title;
        Self {
            settled: Settled::default(),
            session: UnsavedSession::default(),
            check: Err(ConnectorError::new(
                ErrorClass::Auth,
                format!("nobody has signed in to {title} yet"),
            )),
        }
    }

    /// It could not even be signed in.
    fn failed(error: ConnectorError) -> Self {
        Self {
            settled: Settled::default(),
            session: UnsavedSession::default(),
            check: Err(error),
        }
    }
}

impl Service {
    /// Tests a connection's form without saving anything. A code that can be used only once is
    /// not used up: it is tried when the form is saved.
    pub async fn test_connection(
        &self,
        actor: &Actor,
        input: ConnectionInput,
    ) -> Result<TestReport> {
        actor.require(Role::Admin)?;
        let ready = self.ready(actor, input).await?;
        if ready.waits_for_consent() {
            return Err(Error::new(
                Code::ConnectionUnauthorized,
                "save it first, then sign in; it is tested when you come back",
            ));
        }
        if let Some(name) = ready.one_time() {
            return Err(Error::field(
                Code::ConnectionSettingsInvalid,
                name,
                "can be used only once, so it is tried when you save",
            ));
        }
        let tried = self.try_out(&ready).await?;
        let mut settings = ready.settings;
        settings.extend(tried.settled.settings);
        Ok(TestReport {
            check: tried.check?,
            settings,
        })
    }

    /// Tests a connection's form and saves it. When the test fails, nothing is saved, unless the
    /// input insists or a one-time code was used up by then; the connection's health says so.
    /// One that is signed in to by a redirect is saved untested until somebody has consented.
    pub async fn save_connection(
        &self,
        actor: &Actor,
        input: ConnectionInput,
    ) -> Result<Connection> {
        actor.require(Role::Admin)?;
        let (name, environment, untested, existing) = (
            input.name.clone(),
            input.environment,
            input.untested,
            input.existing,
        );
        let ready = self.ready(actor, input).await?;
        if ready.waits_for_consent() {
            let tried = Tried::not_yet(&ready);
            return self
                .keep(actor, ready, tried, &name, environment, existing)
                .await;
        }
        let tried = match self.try_out(&ready).await {
            Err(error) if untested && ready.one_time().is_none() => Tried::failed(error),
            tried => tried?,
        };
        let must_keep = untested || !tried.settled.forget.is_empty();
        if let Err(error) = &tried.check
            && !must_keep
        {
            return Err(error.clone().into());
        }
        refuse_other_org(ready.before.as_ref(), tried.check.as_ref().ok())?;
        self.keep(actor, ready, tried, &name, environment, existing)
            .await
    }

    pub(super) async fn ready(&self, actor: &Actor, input: ConnectionInput) -> Result<Ready> {
        let connector = self.connector(&input.provider)?;
        let before = match input.existing {
            Some((id, _)) => Some(self.connection(actor, id).await?),
            None => None,
        };
        let key = self.data_key(actor.organization()).await?;
        let mut settings = before
            .as_ref()
            .map(|before| before.settings.clone())
            .unwrap_or_default();
        settings.extend(input.settings);
        let settings = connector.normalise(settings).map_err(field_errors)?;
        let mut credentials = match &before {
            Some(before) => {
                self.open_credentials(&key, actor.organization(), before.id)
                    .await?
            }
            None => Credentials::new(),
        };
        let mut entered = Vec::new();
        for (name, value) in input.credentials {
            let value: SecretString = value.expose_secret().trim().to_owned().into();
            if value.expose_secret().is_empty() || name.starts_with(OWN) {
                continue;
            }
            credentials.insert(name.clone(), value.clone());
            entered.push((name, value));
        }
        let present: BTreeSet<String> = credentials.names().map(str::to_owned).collect();
        let missing = connector.missing_credentials(&settings, &present);
        if !missing.is_empty() {
            return Err(field_errors(missing));
        }
        Ok(Ready {
            connector,
            before,
            key,
            settings,
            credentials,
            entered,
        })
    }

    /// Settles and checks. Fails when settling does: then nothing was used up.
    async fn try_out(&self, ready: &Ready) -> std::result::Result<Tried, ConnectorError> {
        let session = UnsavedSession::default();
        let pace = pace_of(ready.connector.as_ref());
        let access = Access {
            settings: &ready.settings,
            credentials: &ready.credentials,
            client: &self.parts.client,
            pace: pace.as_ref(),
            sessions: &session,
            clock: self.clock(),
            pause: &TokioPause,
        };
        let settled = ready.connector.settle(&access).await?;
        let mut settings = ready.settings.clone();
        settings.extend(settled.settings.clone());
        let mut credentials = ready.credentials.clone();
        for (name, value) in &settled.credentials {
            credentials.insert(name.clone(), value.clone());
        }
        for name in &settled.forget {
            credentials.remove(name);
        }
        let access = Access {
            settings: &settings,
            credentials: &credentials,
            ..access
        };
        let check = ready.connector.check(&access).await;
        Ok(Tried {
            settled,
            session,
            check,
        })
    }

    async fn keep(
        &self,
        actor: &Actor,
        ready: Ready,
        tried: Tried,
        name: &str,
        environment: Option<Environment>,
        existing: Option<(ConnectionId, u64)>,
    ) -> Result<Connection> {
        let organization = actor.organization();
        let id = existing.map_or_else(
            || ConnectionId::generate(self.clock(), self.entropy()),
            |(id, _)| id,
        );
        let health = health_of(&tried.check, self.now());
        let connection = Connection {
            version: existing.map_or(0, |(_, version)| version),
            ..self.connection_to_keep(id, &ready, &tried, name, environment, health.clone())
        };
        let org = tried
            .check
            .as_ref()
            .ok()
            .and_then(|check| check.org.clone());
        let key = ready.key.clone();
        let (secrets, forget) = secrets_to_keep(ready, tried);
        let mut seal = Vec::with_capacity(secrets.len());
        for (name, value) in &secrets {
            seal.push((
                name.clone(),
                self.seal(&key, organization, id, name, value)?,
            ));
        }
        let action = if existing.is_some() {
            "connection.changed"
        } else {
            "connection.added"
        };
        let event = self.audit_event(
            actor.account(),
            action,
            format!("{} ({})", connection.name, connection.provider),
        );
        let save = SaveConnection {
            connection,
            seal,
            forget,
            event,
        };
        match self.store().save_connection(organization, &save).await? {
            Saved::Done(_) => {}
            Saved::NameTaken => {
                return Err(Error::field(
                    Code::ConnectionNameTaken,
                    "name",
                    format!("another connection is called {}", save.connection.name),
                ));
            }
            Saved::Stale => {
                return Err(Error::new(
                    Code::MappingStale,
                    format!("{} was changed meanwhile; reload it", save.connection.name),
                ));
            }
        }
        self.note(organization, id, &health, org.as_ref()).await?;
        self.connection(actor, id).await
    }

    /// The connection that a form makes. `credentials`, `remote_org` and what runs note are the
    /// store's to fill in.
    fn connection_to_keep(
        &self,
        id: ConnectionId,
        ready: &Ready,
        tried: &Tried,
        name: &str,
        environment: Option<Environment>,
        health: Health,
    ) -> Connection {
        let manifest = ready.connector.manifest();
        let before = ready.before.as_ref();
        let found = tried
            .check
            .as_ref()
            .ok()
            .and_then(|check| check.environment);
        let mut settings = ready.settings.clone();
        settings.extend(tried.settled.settings.clone());
        Connection {
            id,
            name: match name.trim() {
                "" => manifest.title.clone(),
                name => name.to_owned(),
            },
            provider: manifest.provider.clone(),
            side: manifest.side,
            environment: environment
                .or(found)
                .or(before.map(|before| before.environment))
                .unwrap_or_default(),
            settings,
            credentials: Vec::new(),
            cardinality: before.map_or(Cardinality::OneToOne, |before| before.cardinality),
            policy: before.map(|before| before.policy).unwrap_or_default(),
            health,
            remote_org: None,
            created_at: before.map_or_else(|| self.now(), |before| before.created_at),
            synced_at: None,
            changed_since: None,
            version: 0,
        }
    }
}

/// What is to be sealed, by name, and what is to be forgotten.
fn secrets_to_keep(ready: Ready, tried: Tried) -> (BTreeMap<String, SecretString>, Vec<String>) {
    let (session, replaced) = tried.session.into_parts();
    let mut forget = tried.settled.forget;
    let mut secrets: BTreeMap<String, SecretString> = ready.entered.into_iter().collect();
    secrets.extend(tried.settled.credentials);
    secrets.extend(replaced);
    secrets.retain(|name, _| !forget.contains(name));
    match session {
        Some(session) => {
            secrets.insert(SESSION.to_owned(), session.to_secret());
        }
        None => forget.push(SESSION.to_owned()),
    }
    (secrets, forget)
}

/// A connection that leads to another organization of the vendor than before is not saved: its
/// mappings mean other people there.
fn refuse_other_org(before: Option<&Connection>, check: Option<&CheckReport>) -> Result<()> {
    let known = before.and_then(|before| before.remote_org.as_ref());
    let found = check.and_then(|check| check.org.as_ref());
    match (known, found) {
        (Some(known), Some(found)) if known.id != found.id => Err(Error::new(
            Code::ConnectionOtherOrg,
            format!(
                "these settings lead to {} ({}), but the connection's mappings belong to {} ({})",
                found.name.as_deref().unwrap_or("another organization"),
                found.id,
                known.name.as_deref().unwrap_or("the organization"),
                known.id
            ),
        )),
        _ => Ok(()),
    }
}

fn field_errors(problems: Vec<FieldProblem>) -> Error {
    let fields = problems
        .into_iter()
        .map(|problem| FieldError {
            field: problem.field,
            message: problem.problem,
        })
        .collect();
    Error::with_fields(Code::ConnectionSettingsInvalid, fields)
}
