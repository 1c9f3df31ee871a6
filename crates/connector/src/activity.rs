//! What goes in and comes out of calls about contacts, written records, screens and webhooks.

use counterpart_manifest::NoticeKind;
use counterpart_model::Timestamp;
use counterpart_model::activity::Owner;
use counterpart_model::contact::Contact;
use counterpart_outbound::SecretString;
use secrecy::ExposeSecret as _;

use crate::{ConnectorError, RecordFailure};

/// By what contacts are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactQuery {
    /// A phone number, in E.164 where its country is known.
    Phone(String),
    /// An e-mail address.
    Email(String),
}

/// One page of contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactPage {
    /// The contacts, in the order they came.
    pub contacts: Vec<Contact>,
    /// Records that could not be read.
    pub failures: Vec<RecordFailure>,
    /// Where the next page begins; `None` behind the last. Holds no credential.
    pub next: Option<String>,
    /// What the provider's clock said when the list began.
    pub server_time: Option<Timestamp>,
}

/// Whether a record is written for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Nothing was sent yet.
    First,
    /// It was sent before, and what became of it is unknown. Where it can be looked for, that is
    /// done first; where it cannot be, it is sent again only if the provider writes once by a
    /// key.
    Again,
}

/// A record that was written, or that was there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The provider's id of it.
    pub id: String,
    /// The address of its page.
    pub link: Option<String>,
    /// Whether it is under the owner whom it was written for.
    pub owner: ReadBack,
    /// Why it could not be tied to what it is about; the record itself is there.
    pub untied: Option<ConnectorError>,
    /// Whether it was written in its owner's own name.
    pub impersonated: bool,
}

/// What reading an owner back showed. Some providers accept an owner who cannot be one, and give
/// the record to nobody or to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadBack {
    /// The owner it was written for.
    Same,
    /// Another one, or nobody.
    Other(Option<String>),
    /// It could not be read back.
    Failed(ConnectorError),
    /// Such records cannot be read.
    Impossible,
}

/// A record to be shown on a user's screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pop {
    /// Whose screen.
    pub owner: Owner,
    /// Which contact.
    pub contact_id: String,
}

/// A call to be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedCall {
    /// From whose phone.
    pub user: Owner,
    /// The user's extension, where it is known.
    pub extension: Option<String>,
    /// Whom to call, in E.164 where that is known.
    pub to_number: String,
}

/// How much of the allowance of requests is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// How many there are in the period, where the provider says so.
    pub limit: Option<u64>,
    /// How many are left.
    pub remaining: u64,
    /// For how long the allowance is: "day", "hour".
    pub period: String,
}

/// What a consent page is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Where the browser is sent back to: exactly what is registered with the vendor.
    pub redirect_uri: String,
    /// What comes back unchanged, so that the answer is known to be of this question.
    pub state: String,
    /// The code challenge (RFC 7636, S256).
    pub challenge: String,
    /// Scopes of further products of the same suite that this consent shall cover.
    pub more_scopes: Vec<String>,
}

/// A webhook as it came in.
#[derive(Clone, Copy)]
pub struct IncomingWebhook<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The address that was called, as the caller knows it, with its query.
    pub url: &'a str,
    /// The headers.
    pub headers: &'a [(String, String)],
    /// The body, byte by byte.
    pub body: &'a [u8],
    /// The secret that both sides know.
    pub secret: &'a SecretString,
    /// When it came.
    pub now: Timestamp,
}

impl IncomingWebhook<'_> {
    /// The bytes of the secret, for a hook that makes its key of it.
    pub fn secret_bytes(&self) -> &[u8] {
        self.secret.expose_secret().as_bytes()
    }

    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for IncomingWebhook<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IncomingWebhook")
            .field("method", &self.method)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a webhook tells: a hint that something is to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What kind of record changed.
    pub kind: NoticeKind,
    /// The provider's id of it.
    pub record_id: String,
    /// The event's own id, by which one that comes twice is known.
    pub event_id: Option<String>,
}
