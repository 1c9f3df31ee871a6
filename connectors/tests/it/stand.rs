//! Wires the kit to the emulators: a connection to a fresh one for every check.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use counterpart_connector::kit::{
    Bench, BenchError, CHECKS, MemorySessions, NewUser, RecordedPause, SetClock, Stand, Trouble,
    TroubleAt, Verdict, run,
};
use counterpart_connector::{Access, Connector, Credentials, SessionKeeper as _};
use counterpart_connectors::registry;
use counterpart_emulators::{Fault, FaultSwitch, Options, Running, UserKind, UserState, start};
use counterpart_model::Timestamp;
use counterpart_outbound::{Client, ClientOptions};

/// A client that may talk to this machine.
pub(crate) fn loopback_client() -> Client {
    let allowed_networks = vec!["127.0.0.0/8".parse().expect("a network")];
    let options = ClientOptions {
        allowed_networks,
        ..ClientOptions::default()
    };
    Client::new(options).expect("these options are valid")
}

/// The connector of a provider.
pub(crate) fn connector(provider: &str) -> Arc<dyn Connector> {
    let registry = registry().unwrap_or_else(|error| panic!("{error}"));
    Arc::clone(registry.get(provider).expect("a connector of that name"))
}

/// An emulated provider.
#[derive(Clone, Copy)]
pub(crate) struct Emulated {
    /// Its name.
    pub(crate) provider: &'static str,
    /// Whether a full list brings deleted users as well.
    pub(crate) lists_deleted: bool,
    /// Whether anything tells the connecting user from a person.
    pub(crate) tells_own_user: bool,
}

#[async_trait]
impl Stand for Emulated {
    async fn bench(
        &self,
        people: usize,
        page_size: Option<usize>,
    ) -> Result<Box<dyn Bench>, BenchError> {
        Ok(Box::new(
            EmulatorBench::connect(*self, people, page_size, &[]).await?,
        ))
    }
}

impl Emulated {
    /// Tries every check of the kit. Those of `skipped`, and no others, cannot be tried here.
    pub(crate) async fn conforms(self, skipped: &[&str]) {
        let (mut bad, mut left_out) = (Vec::new(), Vec::new());
        for check in CHECKS {
            match run(*check, &self).await {
                Verdict::Good => {}
                Verdict::Skipped(_) => left_out.push(check.name),
                Verdict::Bad(finding) => bad.push(format!("{}: {finding}", check.name)),
            }
        }
        assert!(bad.is_empty(), "{}:\n{}", self.provider, bad.join("\n"));
        assert_eq!(left_out, skipped, "other checks are skipped than should be");
    }
}

/// A connection to an emulator.
pub(crate) struct EmulatorBench {
    pub(crate) emulator: Running,
    emulated: Emulated,
    connector: Arc<dyn Connector>,
    settings: BTreeMap<String, String>,
    credentials: Credentials,
    client: Client,
    sessions: MemorySessions,
    clock: SetClock,
    pause: RecordedPause,
}

impl EmulatorBench {
    /// Starts an emulator and settles a connection to it, with these settings besides its own.
    pub(crate) async fn connect(
        emulated: Emulated,
        people: usize,
        page_size: Option<usize>,
        more: &[(&str, &str)],
    ) -> Result<Self, BenchError> {
        let options = Options {
            people,
            page_size,
            ..Options::default()
        };
        let emulator = start(emulated.provider, options).await.map_err(failed)?;
        let connector = connector(emulated.provider);
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
            emulated,
        };
        bench.settle().await?;
        Ok(bench)
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
        Trouble::BreakOff => Fault::BreakOff,
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
        let control = self.emulator.control();
        control
            .inject(switch)
            .map_err(|error| BenchError::NotHere(error.to_string()))
    }

    fn expected_ids(&self) -> Vec<String> {
        let users = self.emulator.control().users().into_iter();
        users
            .filter(|user| self.emulated.lists_deleted || user.state != UserState::Deleted)
            .map(|user| user.id)
            .collect()
    }

    fn own_id(&self) -> Option<String> {
        let users = self.emulator.control().users().into_iter();
        let mut own =
            users.filter(|user| user.kind == UserKind::Connecting && self.emulated.tells_own_user);
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
}
