//! The kinds of records that clients write, and what their attributes take.

use jiff::Timestamp;
use serde_json::Value;

/// A kind of record that clients write.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The `type` of its records.
    pub(crate) name: &'static str,
    /// The name in paths; also the kind of the record.
    pub(crate) plural: &'static str,
    pub(crate) attributes: &'static [(&'static str, Rule)],
    pub(crate) required: &'static [&'static str],
    /// Relationships that can be set, and the type of what they point to.
    pub(crate) relationships: &'static [(&'static str, &'static str)],
    /// The relationship that says whose it is; the token's user where it is not given.
    pub(crate) owner: &'static str,
}

/// What an attribute may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    Text,
    /// At most so many characters.
    Short(usize),
    Time,
    OneOf(&'static [&'static str]),
    Texts,
    Flag,
    Version,
    /// An https address.
    Url,
}

/// All kinds there are here.
const KINDS: &[Kind] = &[
    Kind {
        name: "call",
        plural: "calls",
        attributes: &[
            ("direction", Rule::OneOf(&["inbound", "outbound"])),
            ("outcome", Rule::OneOf(&["Answered", "Not Answered"])),
            ("from", Rule::Text),
            ("to", Rule::Text),
            ("dialedAt", Rule::Time),
            ("answeredAt", Rule::Time),
            ("completedAt", Rule::Time),
            ("returnedAt", Rule::Time),
            ("note", Rule::Text),
            ("recordingUrl", Rule::Text),
            ("voicemailRecordingUrl", Rule::Text),
            ("externalVendor", Rule::Text),
            ("vendorCallId", Rule::Short(63)),
            ("sequenceAction", Rule::Text),
            ("userCallType", Rule::Text),
            ("shouldRecordCall", Rule::Flag),
            ("tags", Rule::Texts),
        ],
        required: &["direction"],
        relationships: &[
            ("user", "user"),
            ("prospect", "prospect"),
            ("callDisposition", "callDisposition"),
            ("callPurpose", "callPurpose"),
            ("task", "task"),
        ],
        owner: "user",
    },
    Kind {
        name: "task",
        plural: "tasks",
        attributes: &[
            (
                "action",
                Rule::OneOf(&["action_item", "call", "email", "in_person"]),
            ),
            ("dueAt", Rule::Time),
            ("note", Rule::Text),
            ("autoskipAt", Rule::Time),
        ],
        required: &["action"],
        relationships: &[("owner", "user"), ("subject", "prospect")],
        owner: "owner",
    },
    Kind {
        name: "webhook",
        plural: "webhooks",
        attributes: &[
            ("url", Rule::Url),
            (
                "resource",
                Rule::OneOf(&[
                    "*",
                    "account",
                    "call",
                    "mailing",
                    "opportunity",
                    "prospect",
                    "sequence",
                    "sequenceState",
                    "task",
                    "user",
                ]),
            ),
            (
                "action",
                Rule::OneOf(&[
                    "*",
                    "created",
                    "updated",
                    "destroyed",
                    "finished",
                    "completed",
                ]),
            ),
            ("secret", Rule::Text),
            ("active", Rule::Flag),
            ("payloadVersion", Rule::Version),
        ],
        required: &["url"],
        relationships: &[],
        owner: "creator",
    },
];

/// The kind by its name in paths.
pub(crate) fn find(plural: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.plural == plural)
}

impl Rule {
    /// Whether a value fits.
    pub(crate) fn fits(self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Self::Text => text.is_some(),
            Self::Short(most) => text.is_some_and(|text| text.chars().count() <= most),
            Self::Time => text.is_some_and(|text| text.parse::<Timestamp>().is_ok()),
            Self::OneOf(all) => text.is_some_and(|text| all.contains(&text)),
            Self::Texts => value
                .as_array()
                .is_some_and(|all| all.iter().all(Value::is_string)),
            Self::Flag => value.is_boolean(),
            Self::Version => matches!(value.as_u64(), Some(1 | 2)),
            Self::Url => text.is_some_and(|text| text.starts_with("https://")),
        }
    }

    /// What is expected, for errors.
    pub(crate) fn told(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Short(most) => format!("text of at most {most} characters"),
            Self::Time => "a time in ISO 8601".to_owned(),
            Self::OneOf(all) => format!("one of {}", all.join(", ")),
            Self::Texts => "a list of texts".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Version => "1 or 2".to_owned(),
            Self::Url => "an https address".to_owned(),
        }
    }
}
