//! What the kit needs of an emulator.

use std::time::Duration;

use async_trait::async_trait;
use counterpart_model::Timestamp;
use counterpart_model::contact::ContactKind;

use crate::kit::{Finding, Stop};
use crate::{Access, Connector, ConnectorError, ListScope, PulledUser, RecordFailure};

/// Why a bench could not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BenchError {
    /// The emulator has no such thing; the check is skipped.
    NotHere(String),
    /// It went wrong.
    Failed(String),
}

/// Makes benches of one provider.
#[async_trait]
pub trait Stand: Send + Sync {
    /// A fresh emulator, and a connection to it that has been settled. `people` is how many the
    /// organization has, `page_size` the largest page served.
    async fn bench(
        &self,
        people: usize,
        page_size: Option<usize>,
    ) -> Result<Box<dyn Bench>, BenchError>;

    /// The same, signed in by the way of this name; empty: by the only one there is.
    async fn bench_by(&self, people: usize, way: &str) -> Result<Box<dyn Bench>, BenchError>;
}

/// A connector with a connection to an emulator.
#[async_trait]
pub trait Bench: Send + Sync {
    /// The connector.
    fn connector(&self) -> &dyn Connector;

    /// The access of the connection.
    fn access(&self) -> Access<'_>;

    /// How long was waited between repetitions so far, in order.
    fn pauses(&self) -> Vec<Duration>;

    /// Forgets the session, so that the next call signs in.
    async fn forget_session(&self);

    /// Puts the emulator into trouble.
    fn trouble(&self, trouble: Trouble, at: TroubleAt) -> Result<(), BenchError>;

    /// Every user that a full list must bring, by id.
    fn expected_ids(&self) -> Vec<String>;

    /// The id of the user as whom the connection is signed in, if it is listed.
    fn own_id(&self) -> Option<String>;

    /// Adds a user and says its id.
    fn add(&self, user: NewUser) -> Result<String, BenchError>;

    /// Deactivates a user.
    fn deactivate(&self, id: &str) -> Result<(), BenchError>;

    /// Moves the emulator's clock on.
    fn advance(&self, seconds: i64);

    /// The ids of the active people among the users, in the form that the list brings; the
    /// connecting user is none of them.
    fn active_people(&self) -> Vec<String>;

    /// An id that looks like one of a user and is nobody's.
    fn unknown_user_id(&self) -> String;

    /// The customers there are.
    fn contacts(&self) -> Vec<KnownContact>;

    /// Whether colleagues and companies are listed among the contacts, because the vendor tells
    /// them apart by nothing.
    fn lists_others_as_contacts(&self) -> bool;

    /// Changes one of these customers and says its id.
    fn change_contact(&self, kind: ContactKind) -> Result<String, BenchError>;

    /// The records that were written.
    fn records(&self) -> Vec<KnownRecord>;

    /// The webhook by which the provider tells what happened, signed with this secret.
    fn webhook(&self, what: &Happened, secret: &str) -> Result<SentWebhook, BenchError>;
}

/// A customer of the emulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownContact {
    /// What it is to this provider.
    pub kind: ContactKind,
    /// The provider's id.
    pub id: String,
    /// The company's id.
    pub company_id: String,
    /// The phone number as somebody typed it.
    pub typed: String,
    /// The same in E.164.
    pub number: String,
    /// E-mail address.
    pub email: Option<String>,
}

/// A record that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRecord {
    /// What the emulator calls it: a ticket, a comment.
    pub kind: String,
    /// The provider's id.
    pub id: String,
    /// The id of the user it is under.
    pub owner: Option<String>,
    /// All of it, as text.
    pub text: String,
}

/// Something that a provider tells others of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// The user of this id changed.
    UserChanged(String),
    /// The contact of this id changed.
    ContactChanged(String),
}

/// A webhook as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentWebhook {
    /// The whole address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A user to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewUser {
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail address.
    pub email: String,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// 429, with `Retry-After` in seconds when given.
    TooManyRequests(Option<u32>),
    /// The provider's server error.
    ServerError,
    /// A web page with status 200.
    WebPage,
    /// A redirect to another host.
    Redirect,
    /// The answer breaks off.
    BreakOff,
    /// A byte that is not UTF-8.
    InvalidText,
    /// The next page is the same again.
    RepeatedCursor,
    /// The cursor is no longer known.
    ExpiredCursor,
    /// Ids come in another type.
    IdType,
    /// The session ends just before the request.
    SessionEnds,
    /// The credentials are refused.
    WrongCredentials,
    /// A permission is missing.
    MissingPermission,
    /// The allowance is spent.
    QuotaExhausted,
    /// The clock is ahead by so many seconds.
    ClockAhead(i64),
    /// The list is empty.
    EmptyList,
    /// Pages are shorter than asked for.
    ShortPages,
    /// The list stops short of what it announces.
    TruncatedList,
    /// A record is written, and the answer is lost.
    LostAnswer,
}

/// When and how often something goes wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TroubleAt {
    /// So many times; `None`: always.
    pub times: Option<u32>,
    /// Only on pages of a user list from this one on; the first is 1.
    pub from_page: Option<u32>,
}

impl TroubleAt {
    /// Always.
    pub const ALWAYS: Self = Self {
        times: None,
        from_page: None,
    };
    /// Once.
    pub const ONCE: Self = Self {
        times: Some(1),
        from_page: None,
    };

    /// Always, from this page of a user list on.
    pub const fn from_page(page: u32) -> Self {
        Self {
            times: None,
            from_page: Some(page),
        }
    }
}

/// A pull that was read to its end.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The users, in the order they came.
    pub users: Vec<PulledUser>,
    /// Records that could not be read.
    pub failures: Vec<RecordFailure>,
    /// How many pages there were.
    pub pages: usize,
    /// How many users were announced.
    pub total: Option<u64>,
    /// What the provider's clock said.
    pub server_time: Option<Timestamp>,
    /// Every cursor on the way.
    pub cursors: Vec<String>,
}

/// More pages than any list of the kit has: a list that goes on has no end.
const MOST_PAGES: usize = 500;

/// Reads a list from `cursor` to its end.
pub(super) async fn pull(
    bench: &dyn Bench,
    scope: ListScope,
    mut cursor: Option<String>,
) -> Result<Seen, ConnectorError> {
    let mut seen = Seen::default();
    loop {
        let access = bench.access();
        let page = bench
            .connector()
            .list_users(&access, scope, cursor.as_deref())
            .await?;
        seen.pages += 1;
        seen.users.extend(page.users);
        seen.failures.extend(page.failures);
        seen.total = page.total.or(seen.total);
        seen.server_time = page.server_time.or(seen.server_time);
        match page.next {
            Some(next) if seen.pages < MOST_PAGES => {
                seen.cursors.push(next.clone());
                cursor = Some(next);
            }
            Some(_) => {
                return Err(ConnectorError::new(
                    crate::ErrorClass::Malformed,
                    format!("the list has not ended after {MOST_PAGES} pages"),
                ));
            }
            None => return Ok(seen),
        }
    }
}

/// A full list, which must work.
pub(super) async fn full(bench: &dyn Bench) -> Result<Seen, Stop> {
    let pulled = pull(bench, ListScope::Full, None).await;
    pulled.map_err(|error| Stop::Bad(unexpected("a full list", &error)))
}

/// A full list, which must fail.
pub(super) async fn full_failure(bench: &dyn Bench, why: &str) -> Result<ConnectorError, Stop> {
    match pull(bench, ListScope::Full, None).await {
        Err(error) => Ok(error),
        Ok(seen) => Err(Stop::Bad(format!(
            "{why}, and yet {} users were listed",
            seen.users.len()
        ))),
    }
}

/// The finding that something failed that should not have.
pub(super) fn unexpected(what: &str, error: &ConnectorError) -> Finding {
    format!(
        "{what} failed with {} ({:?}): {error}",
        error.code(),
        error.class()
    )
}

impl Seen {
    /// The ids, sorted, each as often as it came.
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<_> = self.users.iter().map(|user| user.id.0.clone()).collect();
        ids.sort();
        ids
    }

    /// The user of this id.
    pub fn find(&self, id: &str) -> Option<&PulledUser> {
        self.users.iter().find(|user| user.id.0 == id)
    }
}
