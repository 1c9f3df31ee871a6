//! What must hold of every connector on a real CRM, whichever it is: who is listed, who is found,
//! under whom records are written, what a leaver and a wrong password look like.
//!
//! A provider's tests start its server, say how it is administered, apart from the connector, and
//! call [`is_accepted`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use async_trait::async_trait;
use counterpart_conformance::loopback_client;
use counterpart_connector::kit::{MemorySessions, RecordedPause, SetClock};
use counterpart_connector::{
    Access, Attempt, Capability, Connector, ContactQuery, Credentials, ErrorClass, ListScope,
    PulledUser, ReadBack,
};
use counterpart_model::activity::{About, Activity, Direction, Outcome, Owner};
use counterpart_model::{Code, CrmUserState, Timestamp};
use counterpart_outbound::{Client, SecretString};
use tempfile::TempDir;

use crate::connector;

/// A password that nobody has.
const WRONG: &str = "wrong-password-7";

/// A CRM that runs here, as its administrator sees it.
#[async_trait]
pub(crate) trait RealCrm: Sync {
    /// Three numbers as people type them into this CRM, each with the same in E.164.
    fn typed_numbers(&self) -> [(&'static str, &'static str); 3];

    /// Makes a user who works there, and says its id.
    async fn hire(&self, name: &str, login: &str, email: &str) -> String;

    /// Switches a user off.
    async fn dismiss(&self, id: &str);

    /// Makes a customer with a number as somebody types it, and says its id.
    async fn add_customer(&self, name: &str, number: &str) -> String;

    /// The credential that is wrong when it is [`WRONG`].
    fn secret(&self) -> &'static str;
}

/// A server that one of this repository's scripts starts, and that stops when this is dropped.
pub(crate) struct Server {
    script: &'static str,
    folder: TempDir,
    told: BTreeMap<String, String>,
}

fn run(script: &str, action: &str, folder: &Path) -> Output {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    Command::new("bash")
        .arg(root.join("scripts").join(script))
        .arg(action)
        .env("DIR", folder)
        .output()
        .expect("bash runs")
}

impl Server {
    /// Starts the server of a script; what it needs and does not find is a failure.
    pub(crate) fn start(script: &'static str) -> Self {
        let folder = TempDir::new().expect("a folder for temporary files");
        let started = run(script, "start", folder.path());
        let complaint = String::from_utf8_lossy(&started.stderr);
        assert!(started.status.success(), "{script}: {complaint}");
        let told = String::from_utf8_lossy(&started.stdout);
        let told = told.lines().filter_map(|line| line.split_once('='));
        Self {
            script,
            folder,
            told: told
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    /// What the script said when it had started it: `url`, `user`, `password`.
    pub(crate) fn said(&self, name: &str) -> &str {
        &self.told[name]
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        run(self.script, "stop", self.folder.path());
    }
}

/// A connection to a running CRM.
pub(crate) struct Connection {
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) credentials: Credentials,
    pub(crate) client: Client,
    pub(crate) sessions: MemorySessions,
    clock: SetClock,
    pause: RecordedPause,
}

impl Connection {
    pub(crate) fn new(
        provider: &str,
        settings: &[(&str, &str)],
        credentials: &[(&str, &str)],
    ) -> Self {
        let connector = connector(provider);
        let typed = settings.iter();
        let typed = typed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let now = this_instant();
        Self {
            settings: connector
                .normalise(typed.collect())
                .expect("these settings are right"),
            connector,
            credentials: credentials
                .iter()
                .map(|(name, value)| ((*name).to_owned(), SecretString::from(*value)))
                .collect(),
            client: loopback_client(),
            sessions: MemorySessions::new(),
            clock: SetClock::at(now),
            pause: RecordedPause::new(),
        }
    }

    pub(crate) fn access(&self) -> Access<'_> {
        Access {
            settings: &self.settings,
            credentials: &self.credentials,
            client: &self.client,
            pace: None,
            sessions: &self.sessions,
            clock: &self.clock,
            pause: &self.pause,
        }
    }

    /// Every user of a scope, by id. A full list has as many as the CRM counts.
    pub(crate) async fn users(&self, scope: ListScope) -> BTreeMap<String, PulledUser> {
        let (mut users, mut cursor, mut total) = (BTreeMap::new(), None, None);
        loop {
            let access = self.access();
            let page = self.connector.list_users(&access, scope, cursor.as_deref());
            let page = page.await.unwrap_or_else(|error| panic!("{error}"));
            assert!(page.failures.is_empty(), "{:?}", page.failures);
            total = page.total.or(total);
            users.extend(page.users.into_iter().map(|user| (user.id.0.clone(), user)));
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        if let Some(total) = total {
            assert_eq!(total, users.len() as u64, "the CRM counts as many users");
        }
        users
    }
}

/// The time of this machine, by which the CRM on it stamps its records.
fn this_instant() -> Timestamp {
    let since_1970 = std::time::UNIX_EPOCH.elapsed().expect("it is after 1970");
    Timestamp::from_micros(0).plus_seconds(since_1970.as_secs().cast_signed())
}

/// Tries everything, on users, customers and records of its own.
pub(crate) async fn is_accepted(crm: &impl RealCrm, connection: &Connection, run: &str) {
    let report = connection.connector.check(&connection.access()).await;
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    assert!(report.is_good(), "{report:?}");
    let agent = everybody_is_listed(crm, connection, run).await;
    let customer = customers_are_found(crm, connection, run).await;
    records_are_the_agents(connection, &agent, &customer, run).await;
    leavers_are_seen(crm, connection, &agent).await;
    a_wrong_credential_is_told(crm, connection).await;
}

/// Two users of one address are two users; both are listed, active.
async fn everybody_is_listed(crm: &impl RealCrm, connection: &Connection, run: &str) -> PulledUser {
    let before = connection.users(ListScope::Full).await;
    let inactive = |user: &PulledUser| user.profile.state == CrmUserState::Inactive;
    assert!(before.values().any(inactive), "the inactive are listed too");
    let name = format!("Zoë {run} 山田");
    let email = format!("{run}@example.com");
    let agent = crm.hire(&name, &format!("{run}.agent"), &email).await;
    let twin = crm.hire("Twin", &format!("{run}.twin"), &email).await;
    let after = connection.users(ListScope::Full).await;
    assert_eq!(after.len(), before.len() + 2);
    for id in [&agent, &twin] {
        let profile = &after[id].profile;
        assert!(profile.emails.contains(&email), "{:?}", profile.emails);
        assert_eq!(profile.state, CrmUserState::Active);
    }
    assert_eq!(after[&agent].profile.display_name, name);
    after[&agent].clone()
}

/// Each customer is found by the number as a phone system gives it, however it was typed.
async fn customers_are_found(crm: &impl RealCrm, connection: &Connection, run: &str) -> String {
    let mut customer = String::new();
    for (typed, number) in crm.typed_numbers() {
        customer = crm.add_customer(&format!("Customer {run}"), typed).await;
        let ids = found(connection, number).await;
        assert!(ids.contains(&customer), "{number}, typed {typed}: {ids:?}");
    }
    let nobody = found(connection, "+442079460999").await;
    assert!(nobody.is_empty(), "{nobody:?}");
    customer
}

/// The ids of whoever has a number.
async fn found(connection: &Connection, number: &str) -> Vec<String> {
    let query = ContactQuery::Phone(number.to_owned());
    let access = connection.access();
    let found = connection.connector.find_contacts(&access, &query).await;
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    found.into_iter().map(|contact| contact.id).collect()
}

/// Every kind of record that the CRM takes: the owner is read back, our key finds it, and a second
/// attempt writes no second one.
async fn records_are_the_agents(
    connection: &Connection,
    agent: &PulledUser,
    customer: &str,
    run: &str,
) {
    let connector = &connection.connector;
    let manifest = connector.manifest();
    let kinds: BTreeSet<_> = manifest.activities.iter().map(|it| it.kind).collect();
    let mut owned = 0;
    for kind in kinds {
        let described = manifest.activity_of(kind, &connection.settings);
        let described = described.expect("a way to write it");
        let key = format!("{run}-{}", kind.as_str());
        let activity = activity(agent, customer, kind, &key);
        let what = kind.as_str();
        let access = connection.access();
        let written = connector.write_activity(&access, &activity, Attempt::First);
        let written = written
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        if described.read.is_some() {
            assert_eq!(written.owner, ReadBack::Same, "{what}");
            owned += 1;
        } else {
            assert_eq!(written.owner, ReadBack::Impossible, "{what}");
        }
        let again = connector.write_activity(&access, &activity, Attempt::Again);
        let again = again
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(again.id, written.id, "a second {what}");
        let found = connector.find_activity(&access, &activity).await;
        assert_eq!(found, Ok(vec![written.id.clone()]), "{what}");
        if described.update.is_some() {
            let changed = connector.update_activity(&access, &written.id, &activity);
            assert_eq!(changed.await, Ok(()), "{what}");
        }
        if described.delete.is_some() {
            let about = &activity.about;
            for _ in 0..2 {
                let gone = connector.delete_activity(&access, kind, &written.id, about);
                assert_eq!(gone.await, Ok(()), "{what}");
            }
            let found = connector.find_activity(&access, &activity).await;
            assert_eq!(found, Ok(Vec::new()), "{what}");
        }
    }
    assert!(owned > 0, "no record has an owner");
}

fn activity(
    agent: &PulledUser,
    customer: &str,
    kind: counterpart_model::activity::ActivityKind,
    key: &str,
) -> Activity {
    Activity {
        kind,
        key: key.to_owned(),
        owner: Owner {
            id: agent.id.clone(),
            other_ids: agent.profile.other_ids.clone(),
            username: agent.profile.username.clone(),
            email: agent.profile.emails.first().cloned(),
            display_name: Some(agent.profile.display_name.clone()),
        },
        about: About {
            contact_id: Some(customer.to_owned()),
            ..About::default()
        },
        subject: "Call with <Customer> & \"Co\"".to_owned(),
        text: "First line: 50 % off, naïve 東京.\nSecond line <more>".to_owned(),
        direction: Some(Direction::Inbound),
        outcome: Some(Outcome::Answered),
        started_at: "2026-11-20T10:11:12Z".parse().expect("a time"),
        duration_seconds: 125,
        remote_number: Some("+442079460131".to_owned()),
        own_number: Some("+442079460000".to_owned()),
        recording_url: None,
    }
}

/// Whoever is switched off is seen so by the next list, and by the list of changes.
async fn leavers_are_seen(crm: &impl RealCrm, connection: &Connection, agent: &PulledUser) {
    let id = &agent.id.0;
    let since = connection.access().clock.now();
    crm.dismiss(id).await;
    let mut scopes = vec![ListScope::Full];
    if connection
        .connector
        .capabilities()
        .has(Capability::ChangedUsers)
    {
        scopes.push(ListScope::ChangedSince(since));
    }
    for scope in scopes {
        let users = connection.users(scope).await;
        let state = users.get(id).map(|user| user.profile.state);
        assert_eq!(state, Some(CrmUserState::Inactive), "{scope:?}");
    }
}

async fn a_wrong_credential_is_told(crm: &impl RealCrm, connection: &Connection) {
    let mut credentials = connection.credentials.clone();
    credentials.insert(crm.secret(), WRONG.to_owned().into());
    let sessions = MemorySessions::new();
    let access = Access {
        credentials: &credentials,
        sessions: &sessions,
        ..connection.access()
    };
    let list = connection
        .connector
        .list_users(&access, ListScope::Full, None);
    let error = list.await.expect_err("the credential is wrong");
    assert_eq!(*error.class(), ErrorClass::Auth, "{error}");
    assert_eq!(error.code(), Code::ConnectionUnauthorized, "{error}");
    assert!(!error.to_string().contains(WRONG), "{error}");
}
