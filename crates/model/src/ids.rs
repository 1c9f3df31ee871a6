//! Identifiers: one type for each kind of thing, so that none is taken for another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Clock, Entropy, entropy};

/// The text was not a UUID of the kind that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a {kind} id; expected a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"
)]
pub struct ParseIdError {
    /// What kind of id was expected, for example `person`.
    pub kind: &'static str,
    /// The text as it was given.
    pub text: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, `UUIDv7` (RFC 9562): ordered by the time it was made, to the millisecond.
            pub fn generate(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
                let millis = u64::try_from(clock.now().as_micros() / 1_000).unwrap_or(0);
                let random = entropy::bytes::<10>(entropy);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id as the 16 bytes that databases keep.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| ParseIdError { kind: $kind, text: text.to_owned() })
            }
        }
    };
}

id!(
    /// An organization: a tenant. Everything belongs to one.
    OrganizationId, "organization"
);
id!(
    /// An account: somebody who signs in to the portal.
    AccountId, "account"
);
id!(
    /// A token for the API.
    TokenId, "token"
);
id!(
    /// A person of an organization, on the platform side.
    PersonId, "person"
);
id!(
    /// An identity: an extension, number, device or the like of a person.
    IdentityId, "identity"
);
id!(
    /// A connected system of an organization.
    ConnectionId, "connection"
);
id!(
    /// A mapping of a person to a CRM user.
    MappingId, "mapping"
);
id!(
    /// A lasting decision about a pair, a person or a CRM user.
    DecisionId, "decision"
);
id!(
    /// One pull of a connection's users.
    RunId, "run"
);
id!(
    /// Somebody who is told of events.
    WebhookId, "webhook"
);
id!(
    /// One system check of a connection, or of a person there.
    SystemCheckId, "system check"
);
id!(
    /// A view of the mapping that somebody keeps.
    SavedViewId, "saved view"
);
