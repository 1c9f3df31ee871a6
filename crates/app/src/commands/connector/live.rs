//! What can be tried of a connector against a real account: reading, and writing when somebody
//! says so.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_connector::kit::MemorySessions;
use counterpart_connector::{
    Access, Attempt, Capability, Connector, ConnectorError, ContactQuery, Credentials, ListScope,
    ProbeOutcome, PulledUser, ReadBack, TokioPause,
};
use counterpart_model::Code;
use counterpart_model::activity::{About, Activity, Direction, Outcome, Owner};
use counterpart_outbound::{Client, ClientOptions};
use counterpart_service::{Error, Result};
use serde_json::json;

use crate::cli::Global;
use crate::clock::SystemClock;
use crate::commands::connection::credentials_from_stdin;
use crate::output::{Ending, Output};

/// The account that is tried.
pub(super) struct Account {
    pub(super) settings: BTreeMap<String, String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    /// The user whose records are written, and the contact whom they are about.
    pub(super) write: Option<(String, String)>,
}

/// What every call needs, whatever the settings.
struct WayIn<'a> {
    client: &'a Client,
    sessions: &'a MemorySessions,
}

impl<'a> WayIn<'a> {
    fn access(
        &self,
        settings: &'a BTreeMap<String, String>,
        credentials: &'a Credentials,
    ) -> Access<'a> {
        Access {
            settings,
            credentials,
            client: self.client,
            pace: None,
            sessions: self.sessions,
            clock: &SystemClock,
            pause: &TokioPause,
        }
    }
}

/// What was tried so far.
struct Findings {
    output: Output,
    good: Vec<String>,
    bad: Vec<String>,
}

impl Findings {
    fn note(&mut self, what: &str, found: std::result::Result<String, String>) {
        let (mark, list, text) = match found {
            Ok(text) => ("passed", &mut self.good, text),
            Err(text) => ("FAILED", &mut self.bad, text),
        };
        let line = format!("{what}: {text}");
        self.output.note(format!("{mark}  {line}"));
        list.push(line);
    }
}

pub(super) async fn run(
    global: &Global,
    connector: &dyn Connector,
    account: Account,
    output: Output,
) -> Result<Ending> {
    let client = Client::new(ClientOptions {
        allowed_networks: global.allow.clone(),
        ..ClientOptions::default()
    });
    let client = client.map_err(|error| Error::new(error.code(), error.to_string()))?;
    let mut credentials: Credentials = credentials_from_stdin()?.into_iter().collect();
    let mut settings = account.settings.clone();
    let present: BTreeSet<String> = credentials.names().map(str::to_owned).collect();
    if let Some(missing) = connector.missing_credentials(&settings, &present).first() {
        return Err(Error::new(
            Code::ConnectionSettingsInvalid,
            format!("{}: {}", missing.field, missing.problem),
        ));
    }
    let sessions = MemorySessions::new();
    let way_in = WayIn {
        client: &client,
        sessions: &sessions,
    };
    let settled = connector
        .settle(&way_in.access(&settings, &credentials))
        .await;
    let settled = settled.map_err(|error| Error::new(error.code(), error.to_string()))?;
    settings.extend(settled.settings);
    for (name, secret) in settled.credentials {
        credentials.insert(name, secret);
    }
    let access = way_in.access(&settings, &credentials);
    let mut findings = Findings {
        output,
        good: Vec::new(),
        bad: Vec::new(),
    };
    connection(connector, &access, &mut findings).await;
    let users = users(connector, &access, &mut findings).await;
    contacts(connector, &access, &account, &mut findings).await;
    records(connector, &access, &users, &account, &mut findings).await;
    let shown = json!({
        "connector": connector.manifest().provider,
        "passed": findings.good,
        "failed": findings.bad,
    });
    output.result(&shown, |_| {
        format!(
            "{} passed, {} failed",
            findings.good.len(),
            findings.bad.len()
        )
    });
    if findings.bad.is_empty() {
        Ok(Ending::Done)
    } else {
        Err(Error::new(
            Code::ConnectorNotConforming,
            findings.bad.join("; "),
        ))
    }
}

fn told<T>(
    result: std::result::Result<T, ConnectorError>,
    text: impl FnOnce(&T) -> String,
) -> std::result::Result<String, String> {
    match result {
        Ok(value) => Ok(text(&value)),
        Err(error) => Err(format!("{} ({})", error, error.code())),
    }
}

async fn connection(connector: &dyn Connector, access: &Access<'_>, findings: &mut Findings) {
    let report = match connector.check(access).await {
        Ok(report) => report,
        Err(error) => return findings.note("signing in", Err(error.to_string())),
    };
    let org = report.org.map(|org| org.name.unwrap_or(org.id));
    findings.note("signing in", Ok(org.unwrap_or_default()));
    for probe in report.probes {
        let detail = probe.detail.unwrap_or_default();
        findings.note(
            &probe.title,
            match probe.outcome {
                ProbeOutcome::Passed => Ok("yes".to_owned()),
                ProbeOutcome::Missing => Ok(format!("no, and not needed ({detail})")),
                ProbeOutcome::Failed => Err(detail),
            },
        );
    }
    if connector.capabilities().has(Capability::Allowance) {
        let left = connector.allowance(access).await;
        findings.note(
            "requests left",
            told(left, |left| {
                left.as_ref().map_or_else(
                    || "not said".to_owned(),
                    |left| format!("{} of this {}", left.remaining, left.period),
                )
            }),
        );
    }
}

async fn users(
    connector: &dyn Connector,
    access: &Access<'_>,
    findings: &mut Findings,
) -> Vec<PulledUser> {
    let (mut all, mut cursor, mut total) = (Vec::new(), None, None);
    loop {
        let page = connector.list_users(access, ListScope::Full, cursor.as_deref());
        match page.await {
            Ok(page) => {
                all.extend(page.users);
                total = page.total.or(total);
                cursor = page.next;
            }
            Err(error) => {
                findings.note("listing users", Err(error.to_string()));
                return all;
            }
        }
        if cursor.is_none() {
            break;
        }
    }
    let ids: BTreeSet<_> = all.iter().map(|user| &user.id).collect();
    let once = ids.len() == all.len();
    let whole = total.is_none_or(|total| total == all.len() as u64);
    findings.note(
        "listing users",
        match (once, whole) {
            (true, true) => Ok(format!("{} users, each once", all.len())),
            (false, _) => Err(format!("{} rows for {} users", all.len(), ids.len())),
            (_, false) => Err(format!("{} users of {total:?}", all.len())),
        },
    );
    if let (true, Some(user)) = (
        connector.capabilities().has(Capability::GetUser),
        all.first(),
    ) {
        let alone = connector.get_user(access, &user.id).await;
        let same = matches!(&alone, Ok(Some(found)) if found.id == user.id);
        let found = told(alone, |_| "the same as in the list".to_owned());
        let found = found.and_then(|text| {
            if same {
                Ok(text)
            } else {
                Err("another".to_owned())
            }
        });
        findings.note("reading one user", found);
    }
    all
}

async fn contacts(
    connector: &dyn Connector,
    access: &Access<'_>,
    account: &Account,
    findings: &mut Findings,
) {
    let queries = [
        account.phone.clone().map(ContactQuery::Phone),
        account.email.clone().map(ContactQuery::Email),
    ];
    for query in queries.into_iter().flatten() {
        let found = connector.find_contacts(access, &query).await;
        let names = told(found, |found| {
            let names: Vec<_> = found.iter().map(|it| it.display_name.clone()).collect();
            names.join(", ")
        });
        let names = names.and_then(|names| {
            if names.is_empty() {
                Err("nobody is found".to_owned())
            } else {
                Ok(names)
            }
        });
        findings.note(&format!("finding {query:?}"), names);
    }
}

/// One record of every kind, under the user and about the contact that the account names.
async fn records(
    connector: &dyn Connector,
    access: &Access<'_>,
    users: &[PulledUser],
    account: &Account,
    findings: &mut Findings,
) {
    let Some((user, contact)) = &account.write else {
        return;
    };
    let Some(owner) = users.iter().find(|it| it.id.0 == *user) else {
        return findings.note("writing", Err(format!("the user {user} is not listed")));
    };
    for described in &connector.manifest().activities {
        let now = access.clock.now();
        let activity = Activity {
            kind: described.kind,
            key: format!("counterpart-test-{}", now.as_micros()),
            owner: Owner {
                id: owner.id.clone(),
                other_ids: owner.profile.other_ids.clone(),
                username: owner.profile.username.clone(),
                email: owner.profile.emails.first().cloned(),
                display_name: Some(owner.profile.display_name.clone()),
            },
            about: About {
                contact_id: Some(contact.to_owned()),
                ..About::default()
            },
            subject: "Test of the connection".to_owned(),
            text: "Written by a test of the connector.".to_owned(),
            direction: Some(Direction::Inbound),
            outcome: Some(Outcome::Answered),
            started_at: now,
            duration_seconds: 1,
            remote_number: account.phone.clone(),
            own_number: None,
            recording_url: None,
        };
        let what = format!("writing a {}", described.title);
        let written = connector
            .write_activity(access, &activity, Attempt::First)
            .await;
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                findings.note(&what, Err(error.to_string()));
                continue;
            }
        };
        findings.note(
            &what,
            match &written.owner {
                ReadBack::Same => Ok(format!("{}, under its owner", written.id)),
                ReadBack::Impossible => Ok(format!("{}, its owner cannot be read", written.id)),
                other => Err(format!("{}, read back as {other:?}", written.id)),
            },
        );
        let gone = if described.delete.is_some() {
            let gone = connector
                .delete_activity(access, described.kind, &written.id, &activity.about)
                .await;
            told(gone, |()| "done".to_owned())
        } else {
            Ok(format!("cannot be done; {} stays there", written.id))
        };
        findings.note("taking it away", gone);
    }
}
