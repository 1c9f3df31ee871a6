//! What can go wrong in a use case: a public half that edges show, and an internal half for the
//! log.

use std::fmt;
use std::time::Duration;

use counterpart_connector::ConnectorError;
use counterpart_model::{Code, PendingChangeSet, person::Identity};
use counterpart_outbound::VaultError;
use counterpart_store::{ApplyError, StoreError};

/// The result of every use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Something a use case could not do.
///
/// The public half (code, detail, field, when to try again) may be shown to whoever asked. The
/// internal half goes to the log only.
#[derive(Debug)]
pub struct Error {
    code: Code,
    detail: String,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    waiting: Option<Box<PendingChangeSet>>,
    internal: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What is wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, as it was sent.
    pub field: String,
    /// What is wrong and what to enter.
    pub message: String,
}

/// What an error means to whoever asked, whatever the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was sent is wrong; sending it again will not help.
    Invalid,
    /// There is no such thing.
    NotFound,
    /// It clashes with what stands there.
    Conflict,
    /// Nobody is signed in.
    Unauthenticated,
    /// Who is signed in may not do it.
    Forbidden,
    /// Too often; try again later.
    Throttled,
    /// A CRM did not do its part.
    Upstream,
    /// The database cannot now; try again.
    Unavailable,
    /// Nothing is wrong: it waits for a second person ([`Error::waiting`]).
    Waiting,
    /// A fault of this program.
    Internal,
}

impl Error {
    /// An error with its public half. `detail` says what happened to which thing, in lower case
    /// and without a full stop.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
            waiting: None,
            internal: None,
        }
    }

    /// The same, about one field of what was sent.
    pub fn field(code: Code, field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            fields: vec![FieldError {
                field: field.to_owned(),
                message: message.clone(),
            }],
            ..Self::new(code, format!("{field}: {message}"))
        }
    }

    /// The same, about several fields.
    pub fn with_fields(code: Code, fields: Vec<FieldError>) -> Self {
        let detail = fields
            .iter()
            .map(|field| format!("{}: {}", field.field, field.message))
            .collect::<Vec<_>>()
            .join("; ");
        Self {
            fields,
            ..Self::new(code, detail)
        }
    }

    /// The same, with what is wrong with single fields beside its detail.
    #[must_use]
    pub fn with(self, fields: Vec<FieldError>) -> Self {
        Self { fields, ..self }
    }

    /// The same, with when to try again.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..self
        }
    }

    /// A fault of this program; `internal` goes to the log only.
    pub fn internal(internal: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            internal: Some(internal.into()),
            ..Self::new(Code::Internal, Code::Internal.title())
        }
    }

    /// That a change was not applied because it waits for a second person. No fault of anybody's,
    /// and yet an error: whoever wanted the change applied has no change set to go on with, and
    /// every edge must say so.
    pub fn waiting_for_second_person(pending: PendingChangeSet) -> Self {
        let lines = match pending.line_count {
            1 => "1 line".to_owned(),
            several => format!("{several} lines"),
        };
        let detail = format!(
            "the change waits for a second person as number {} ({lines}); nothing was changed yet",
            pending.number
        );
        Self {
            waiting: Some(Box::new(pending)),
            ..Self::new(Code::ChangeSetWaiting, detail)
        }
    }

    /// The change that waits for a second person, of an error of [`Kind::Waiting`].
    pub fn waiting(&self) -> Option<&PendingChangeSet> {
        self.waiting.as_deref()
    }

    /// The stable code.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What happened, to which thing.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What is wrong with single fields.
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    /// When it may be tried again.
    pub const fn wait(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What only the log may see.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.internal.as_deref()
    }

    /// What it means to whoever asked.
    pub const fn kind(&self) -> Kind {
        match self.code {
            Code::ConnectionSettingsInvalid
            | Code::ConnectionPolicyInvalid
            | Code::MatchingSettingsInvalid
            | Code::ConnectionProviderUnknown
            | Code::PersonInvalid
            | Code::EventCursorUnknown
            | Code::WebhookInvalid
            | Code::ChangeSetEmpty
            | Code::FileUnreadable
            | Code::FileUnwritable
            | Code::FileEmpty
            | Code::FileEncoding
            | Code::FileHeader
            | Code::FileRagged
            | Code::FileDuplicateId
            | Code::FileScientificId
            | Code::FileTooLarge
            | Code::FileInvalid
            | Code::AccountInvalid
            | Code::OrganizationInvalid
            | Code::DriftRepairInvalid
            | Code::DriftPolicyInvalid
            | Code::RequestInvalid
            | Code::ConnectorNotConforming
            | Code::Usage => Kind::Invalid,
            Code::ChangeSetWaiting => Kind::Waiting,
            Code::MappingNotFound
            | Code::DriftNotFound
            | Code::CrmUserNotFound
            | Code::PersonNotFound
            | Code::OrganizationNotFound
            | Code::RequestNotFound => Kind::NotFound,
            Code::ConnectionNameTaken
            | Code::ConnectionBusy
            | Code::ConnectionPaused
            | Code::RunHeld
            | Code::RunNotHeld
            | Code::MappingOverlap
            | Code::MappingStale
            | Code::WebhookStale
            | Code::WebhookDisabled
            | Code::ChangeSetConflict
            | Code::PendingConflict
            | Code::PendingDecided
            | Code::PersonDuplicate
            | Code::ExtensionTaken
            | Code::AccountExists
            | Code::StoreInUse => Kind::Conflict,
            Code::AuthRequired | Code::AuthWrongCredentials => Kind::Unauthenticated,
            Code::AuthForbidden | Code::AuthSetupLink | Code::AuthCrossSite | Code::PendingOwn => {
                Kind::Forbidden
            }
            Code::AuthThrottled => Kind::Throttled,
            Code::ConnectionUnauthorized
            | Code::ConnectionForbidden
            | Code::ConnectionUnreachable
            | Code::ConnectionTls
            | Code::ConnectionAddressRefused
            | Code::ConnectionRedirected
            | Code::ConnectionRateLimited
            | Code::ConnectionQuotaExhausted
            | Code::ConnectionUnavailable
            | Code::ConnectionTimeout
            | Code::ConnectionUnexpectedAnswer
            | Code::ConnectionBrokenOff
            | Code::ConnectionCursorRepeated
            | Code::ConnectionInvalidText
            | Code::ConnectionCountMismatch
            | Code::ConnectionListIncomplete
            | Code::ConnectionIdInvalid
            | Code::ConnectionNotFound
            | Code::ConnectionUnsupported
            | Code::ConnectionRefused
            | Code::ConnectionOtherOrg => Kind::Upstream,
            Code::StoreUnavailable | Code::StoreBusy | Code::StoreOutdated | Code::StoreNewer => {
                Kind::Unavailable
            }
            Code::KeyMissing | Code::KeyWrong | Code::Internal => Kind::Internal,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.internal.as_ref().map(|cause| cause.as_ref() as _)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Corrupt(_) | StoreError::Misuse(_) => Self::internal(error),
            StoreError::Busy(_) | StoreError::Unavailable(_) => {
                let public = Self::new(error.code(), error.code().title());
                Self {
                    internal: Some(Box::new(error)),
                    ..public
                }
            }
            StoreError::Outdated { .. } | StoreError::Newer { .. } | StoreError::InUse(_) => {
                Self::new(error.code(), error.to_string())
            }
        }
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<ConnectorError> for Error {
    fn from(error: ConnectorError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<ApplyError> for Error {
    /// Names what stands in the way by ids; use cases that know the names put them there first.
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Store(error) => error.into(),
            ApplyError::Stale { .. } => Self::new(Code::MappingStale, error.to_string()),
            ApplyError::Overlap { ref standing, .. } => Self::new(
                Code::MappingOverlap,
                format!(
                    "person {} is mapped to {} already",
                    standing.person_id, standing.crm_user_id
                ),
            ),
            ApplyError::ExternalIdTaken {
                ref standing,
                ref wanted,
            } => Self::field(
                Code::PersonDuplicate,
                "external_id",
                format!(
                    "{} has the external id {} already",
                    standing.profile.display_name,
                    wanted.external_id.as_deref().unwrap_or_default()
                ),
            ),
            ApplyError::IdentityTaken { ref standing, .. } => Self::field(
                Code::ExtensionTaken,
                standing.kind.as_str(),
                format!(
                    "person {} has {} already",
                    standing.person_id,
                    taken(standing)
                ),
            ),
        }
    }
}

fn taken(identity: &Identity) -> String {
    format!("{} {}", identity.kind.as_str(), identity.value)
}
