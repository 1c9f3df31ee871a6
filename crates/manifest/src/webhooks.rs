//! Webhooks that a provider sends: how they are told from forged ones, and what they tell.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Pointer, Rule};

/// What comes in.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    /// How a forged one is told.
    pub verify: Verify,
    /// A header that is sent back as it came, when the vendor tries the address out.
    #[serde(default)]
    pub echo_header: Option<String>,
    /// Where the events stand in the body; something that is no list counts as one event.
    #[serde(default)]
    pub events: Pointer,
    /// What an event is: the first rule that holds decides; none: nothing of interest.
    pub kinds: Vec<Rule<NoticeKind>>,
    /// Where the id of the record stands in an event; a list gives several.
    pub id: Pointer,
    /// Where an event's own id stands, by which one that comes twice is known.
    #[serde(default)]
    pub event_id: Option<Pointer>,
}

/// What a webhook tells. It is a hint: the record is read before anything is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A user was added, changed or deleted.
    User,
    /// A contact was added, changed or deleted.
    Contact,
    /// A lead was added, changed or deleted.
    Lead,
    /// A ticket or another piece of work was.
    Activity,
}

/// How a forged webhook is told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Verify {
    /// A keyed hash over what was sent (RFC 2104), with the webhook's secret.
    Hmac {
        /// The header that holds it.
        header: String,
        /// What stands before it in the header: `sha1=`.
        #[serde(default)]
        prefix: String,
        /// The hash function.
        hash: Hash,
        /// How it is written.
        encoding: Encoding,
        /// What is hashed, in order.
        over: Vec<Signed>,
        /// The header with the time of sending.
        #[serde(default)]
        time_header: Option<String>,
        /// How old a webhook may be, in seconds, where it has a time.
        #[serde(default = "five_minutes")]
        tolerance_seconds: u32,
    },
    /// The webhook's secret itself, in a header.
    Header {
        /// The header.
        header: String,
    },
    /// The webhook's secret itself, in the body.
    Body {
        /// Where it stands.
        pointer: Pointer,
    },
    /// The webhook's secret as the password of basic authentication (RFC 7617).
    Basic,
    /// Nothing but the address, which nobody can guess.
    Address,
    /// The hook `verify_webhook`.
    Hook,
}

const fn five_minutes() -> u32 {
    300
}

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hash {
    /// SHA-1, where a vendor has nothing better.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// How a hash is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Base64 (RFC 4648, section 4).
    Base64,
    /// Hexadecimal digits, in either case.
    Hex,
}

/// A part of what is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signed {
    /// The method, in capitals.
    Method,
    /// The address that was called, with its query.
    Url,
    /// The value of the header with the time.
    Time,
    /// The body, byte by byte.
    Body,
}
