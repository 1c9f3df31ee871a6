//! A connection to a fresh emulator for every check.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart_connector::kit::{
    Bench, BenchError, CHECKS, Happened, KnownContact, KnownRecord, MemorySessions, NewUser,
    RecordedPause, SentWebhook, SetClock, Stand, Trouble, TroubleAt, Verdict, run,
};
use counterpart_connector::{Access, Connector, Consent, Credentials, SessionKeeper as _};
use counterpart_emulators::{
    ContactChange, ContactKind as EmulatedKind, Fault, FaultPlace, FaultSwitch, Habits, Happening,
    Options, Running, UserKind, UserState, catalogue, start,
};
use counterpart_manifest::{SIGN_IN_SETTING, SignIn};
use counterpart_model::Timestamp;
use counterpart_model::contact::ContactKind;
use counterpart_outbound::{Client, ClientOptions, Url};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::spelling::{changed_digits, e164};

/// A client that may talk to this machine.
///
/// # Panics
/// Never: its options are valid.
#[must_use]
pub fn loopback_client() -> Client {
    let allowed_networks = vec!["127.0.0.0/8".parse().expect("a network")];
    let options = ClientOptions {
        allowed_networks,
        ..ClientOptions::default()
    };
    Client::new(options).expect("these options are valid")
}

/// A connector and the emulator of its provider.
#[derive(Clone)]
pub struct Emulated {
    connector: Arc<dyn Connector>,
}

impl std::fmt::Debug for Emulated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Emulated").field(&self.provider()).finish()
    }
}

/// How the checks of a connector ended.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What passed.
    pub good: Vec<&'static str>,
    /// What the provider or its emulator has not, and why.
    pub skipped: Vec<(&'static str, String)>,
    /// What is wrong.
    pub bad: Vec<(&'static str, String)>,
}

#[async_trait]
impl Stand for Emulated {
    async fn bench(
        &self,
        people: usize,
        page_size: Option<usize>,
    ) -> Result<Box<dyn Bench>, BenchError> {
        Ok(Box::new(self.connect(people, page_size, &[]).await?))
    }

    async fn bench_by(&self, people: usize, way: &str) -> Result<Box<dyn Bench>, BenchError> {
        let chosen = [(SIGN_IN_SETTING, way)];
        let chosen = if way.is_empty() { &[][..] } else { &chosen };
        Ok(Box::new(self.connect(people, None, chosen).await?))
    }
}

impl Emulated {
    /// This connector, against the emulator of its provider's name.
    pub fn new(connector: Arc<dyn Connector>) -> Self {
        Self { connector }
    }

    fn provider(&self) -> &str {
        &self.connector.manifest().provider
    }

    /// Whether there is an emulator for it.
    pub fn exists(&self) -> bool {
        catalogue().iter().any(|info| info.name == self.provider())
    }

    /// Tries every check of the kit, telling of each as it ends.
    pub async fn try_all(&self, mut told: impl FnMut(&'static str, &Verdict)) -> Outcome {
        let mut outcome = Outcome::default();
        for check in CHECKS {
            let verdict = run(*check, self).await;
            told(check.name, &verdict);
            match verdict {
                Verdict::Good => outcome.good.push(check.name),
                Verdict::Skipped(why) => outcome.skipped.push((check.name, why)),
                Verdict::Bad(finding) => outcome.bad.push((check.name, finding)),
            }
        }
        outcome
    }

    /// Tries every check of the kit. Those of `skipped`, and no others, cannot be tried here.
    ///
    /// # Panics
    /// When a check fails, or when other checks are skipped than should be.
    pub async fn conforms(&self, skipped: &[&str]) {
        let outcome = self.try_all(|_, _| {}).await;
        let bad: Vec<_> = outcome
            .bad
            .iter()
            .map(|(name, finding)| format!("{name}: {finding}"))
            .collect();
        assert!(bad.is_empty(), "{}:\n{}", self.provider(), bad.join("\n"));
        let left_out: Vec<_> = outcome.skipped.iter().map(|(name, _)| *name).collect();
        assert_eq!(left_out, skipped, "other checks are skipped than should be");
    }

    /// Starts an emulator and settles a connection to it, with these settings besides its own.
    ///
    /// # Errors
    /// When the emulator cannot be started or the connection is refused.
    pub async fn connect(
        &self,
        people: usize,
        page_size: Option<usize>,
        more: &[(&str, &str)],
    ) -> Result<EmulatorBench, BenchError> {
        EmulatorBench::connect(Arc::clone(&self.connector), people, page_size, more).await
    }
}

/// A connection to an emulator.
pub struct EmulatorBench {
    /// The emulator.
    pub emulator: Running,
    connector: Arc<dyn Connector>,
    settings: BTreeMap<String, String>,
    credentials: Credentials,
    client: Client,
    sessions: MemorySessions,
    clock: SetClock,
    pause: RecordedPause,
}

impl EmulatorBench {
    async fn connect(
        connector: Arc<dyn Connector>,
        people: usize,
        page_size: Option<usize>,
        more: &[(&str, &str)],
    ) -> Result<Self, BenchError> {
        let options = Options {
            people,
            page_size,
            ..Options::default()
        };
        let provider = connector.manifest().provider.clone();
        let emulator = start(&provider, options).await.map_err(failed)?;
        let mut typed = emulator.settings();
        typed.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let settings = connector
            .normalise(typed)
            .map_err(|problems| BenchError::Failed(format!("{problems:?}")))?;
        let credentials = emulator.credentials();
        let now = Timestamp::from(emulator.control().now());
        let mut bench = Self {
            connector,
            settings,
            credentials: credentials
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            client: loopback_client(),
            sessions: MemorySessions::new(),
            clock: SetClock::at(now),
            pause: RecordedPause::new(),
            emulator,
        };
        bench.consent().await?;
        bench.settle().await?;
        Ok(bench)
    }

    /// Where signing in is by a redirect: goes to the consent page as a browser would, and takes
    /// the code that comes back.
    async fn consent(&mut self) -> Result<(), BenchError> {
        const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";
        const BACK: &str = "https://counterpart.example/sign-in/vendor/back";
        let way = self.connector.manifest().sign_in_of(&self.settings);
        let SignIn::Oauth2Refresh {
            code: credential,
            authorize: Some(_),
            ..
        } = way
        else {
            return Ok(());
        };
        let credential = credential.clone();
        let digest = ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes());
        let consent = Consent {
            redirect_uri: BACK.to_owned(),
            state: "the-state".to_owned(),
            challenge: URL_SAFE_NO_PAD.encode(digest),
            more_scopes: Vec::new(),
        };
        let page = self.connector.consent(&self.access(), &consent);
        let page = page.map_err(failed)?;
        let back = redirect_of(&page).await?;
        let query = back.split_once('?').map_or("", |(_, query)| query);
        let pairs: BTreeMap<_, _> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        if pairs.get("state").map(String::as_str) != Some("the-state") {
            return Err(failed(format!("sent back to {back}")));
        }
        let code = pairs.get("code").cloned().unwrap_or_default();
        for (name, value) in [
            (credential.as_str(), code.as_str()),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ] {
            self.credentials.insert(name, value.to_owned().into());
        }
        Ok(())
    }

    fn habits(&self) -> Habits {
        self.emulator.info().habits
    }

    async fn settle(&mut self) -> Result<(), BenchError> {
        let settled = self
            .connector
            .settle(&self.access())
            .await
            .map_err(failed)?;
        self.settings.extend(settled.settings);
        for (name, secret) in settled.credentials {
            self.credentials.insert(name, secret);
        }
        for name in settled.forget {
            self.credentials.remove(&name);
        }
        Ok(())
    }
}

fn failed(error: impl std::fmt::Display) -> BenchError {
    BenchError::Failed(error.to_string())
}

fn fault(trouble: Trouble) -> Fault {
    match trouble {
        Trouble::TooManyRequests(retry_after_seconds) => Fault::TooManyRequests {
            retry_after_seconds,
        },
        Trouble::ServerError => Fault::ServerError,
        Trouble::WebPage => Fault::Html,
        Trouble::Redirect => Fault::Redirect {
            to: "https://login.elsewhere.example/".to_owned(),
        },
        Trouble::BreakOff | Trouble::LostAnswer => Fault::BreakOff,
        Trouble::InvalidText => Fault::InvalidUtf8,
        Trouble::RepeatedCursor => Fault::RepeatedCursor,
        Trouble::ExpiredCursor => Fault::ExpiredCursor,
        Trouble::IdType => Fault::IdType,
        Trouble::SessionEnds => Fault::ExpireToken,
        Trouble::WrongCredentials => Fault::WrongCredentials,
        Trouble::MissingPermission => Fault::MissingPermission,
        Trouble::QuotaExhausted => Fault::QuotaExhausted,
        Trouble::ClockAhead(seconds) => Fault::ClockSkew { seconds },
        Trouble::EmptyList => Fault::EmptyList,
        Trouble::ShortPages => Fault::ShortPages,
        Trouble::TruncatedList => Fault::TruncatedList,
    }
}

#[async_trait]
impl Bench for EmulatorBench {
    fn connector(&self) -> &dyn Connector {
        self.connector.as_ref()
    }

    fn access(&self) -> Access<'_> {
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

    fn pauses(&self) -> Vec<Duration> {
        self.pause.lengths()
    }

    async fn forget_session(&self) {
        self.sessions.clear().await.expect("memory does not fail");
    }

    fn trouble(&self, trouble: Trouble, at: TroubleAt) -> Result<(), BenchError> {
        let mut switch = FaultSwitch::lasting(fault(trouble));
        switch.requests = at.times;
        switch.from_page = at.from_page;
        if trouble == Trouble::LostAnswer {
            switch.on = Some(FaultPlace::Write);
        }
        let control = self.emulator.control();
        control
            .inject(switch)
            .map_err(|error| BenchError::NotHere(error.to_string()))
    }

    fn expected_ids(&self) -> Vec<String> {
        let users = self.emulator.control().users().into_iter();
        users
            .filter(|user| match user.state {
                UserState::Active => true,
                UserState::Inactive => !self.habits().hides_inactive,
                UserState::Deleted => self.habits().lists_deleted,
            })
            .map(|user| user.id)
            .collect()
    }

    fn own_id(&self) -> Option<String> {
        let users = self.emulator.control().users().into_iter();
        let mut own =
            users.filter(|user| user.kind == UserKind::Connecting && self.habits().tells_own_user);
        own.next().map(|user| user.id)
    }

    fn add(&self, user: NewUser) -> Result<String, BenchError> {
        let json = serde_json::json!({
            "given": user.given, "family": user.family, "email": user.email,
        });
        let new = serde_json::from_value(json).map_err(failed)?;
        self.emulator
            .control()
            .add_user(new)
            .map(|user| user.id)
            .map_err(failed)
    }

    fn deactivate(&self, id: &str) -> Result<(), BenchError> {
        self.emulator
            .control()
            .deactivate(id)
            .map(|_| ())
            .map_err(failed)
    }

    fn advance(&self, seconds: i64) {
        self.emulator.control().advance_clock(seconds);
        self.clock.advance(seconds);
    }

    fn active_people(&self) -> Vec<String> {
        let users = self.emulator.control().users().into_iter();
        users
            .filter(|user| user.kind == UserKind::Person && user.is_active() && user.confirmed)
            .filter(|user| !user.frozen)
            .map(|user| user.id)
            .collect()
    }

    fn unknown_user_id(&self) -> String {
        let users = self.emulator.control().users();
        let model = users.last().map(|user| user.id.clone()).unwrap_or_default();
        let unknown = match model.parse::<u64>() {
            Ok(number) => (number + 7_777_777).to_string(),
            Err(_) => changed_digits(&model),
        };
        assert!(
            users.iter().all(|user| user.id != unknown),
            "somebody has the id {unknown}"
        );
        unknown
    }

    fn contacts(&self) -> Vec<KnownContact> {
        let kinds: Vec<_> = self
            .connector
            .manifest()
            .contacts
            .iter()
            .map(|contacts| contacts.kind)
            .collect();
        let all = self.emulator.control().contacts().into_iter();
        all.map(|contact| {
            // Vendors without leads list them as contacts.
            let is_lead = contact.kind == EmulatedKind::Lead;
            let kind = if is_lead && kinds.contains(&ContactKind::Lead) {
                ContactKind::Lead
            } else {
                ContactKind::Contact
            };
            (kind, is_lead, contact)
        })
        .filter(|(kind, is_lead, _)| {
            !is_lead || *kind == ContactKind::Lead || self.habits().leads_are_contacts
        })
        .map(|(kind, _, contact)| {
            let typed = contact.phone.unwrap_or_default();
            KnownContact {
                kind,
                number: e164(&typed),
                typed,
                id: contact.id,
                company_id: contact.company_id,
                email: contact.email,
            }
        })
        .collect()
    }

    fn lists_others_as_contacts(&self) -> bool {
        self.habits().lists_others_as_contacts
    }

    fn change_contact(&self, kind: ContactKind) -> Result<String, BenchError> {
        let known = self.contacts().into_iter().find(|it| it.kind == kind);
        let id = known.ok_or_else(|| failed("there is no such contact"))?.id;
        let change = ContactChange {
            given: Some("Changed".to_owned()),
            ..ContactChange::default()
        };
        let control = self.emulator.control();
        control.change_contact(&id, change).map_err(failed)?;
        Ok(id)
    }

    fn records(&self) -> Vec<KnownRecord> {
        let records = self.emulator.control().records().into_iter();
        records
            .map(|record| KnownRecord {
                kind: record.kind,
                id: record.id,
                owner: record.owner,
                text: record.fields.to_string(),
            })
            .collect()
    }

    fn webhook(&self, what: &Happened, secret: &str) -> Result<SentWebhook, BenchError> {
        let happening = match what {
            Happened::UserChanged(id) => Happening::UserChanged(id.clone()),
            Happened::ContactChanged(id) => Happening::ContactChanged(id.clone()),
        };
        let url = "https://counterpart.example/hooks/1/abc";
        let sent = self.emulator.control().webhook(&happening, url, secret);
        let sent = sent.map_err(failed)?;
        Ok(SentWebhook {
            url: sent.url,
            headers: sent.headers,
            body: sent.body,
        })
    }
}

/// Where a page sends the browser.
async fn redirect_of(page: &Url) -> Result<String, BenchError> {
    let authority = page.authority().to_owned();
    let mut stream = TcpStream::connect(&authority).await.map_err(failed)?;
    let target = &page[url::Position::BeforePath..];
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.map_err(failed)?;
    let location = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location")
            .then(|| value.trim().to_owned())
    });
    location.ok_or_else(|| failed(format!("the consent page answered {answer}")))
}
