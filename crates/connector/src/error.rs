//! Why a call to a provider failed, and what that means.

use std::time::Duration;

use counterpart_model::Code;
use counterpart_outbound::OutboundError;

/// What kind of failure it is; decides what is done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorClass {
    /// The credentials are not accepted, also not after a renewal.
    Auth,
    /// Too many calls in a short time.
    RateLimited {
        /// How long to wait, if the provider said so.
        retry_after: Option<Duration>,
    },
    /// The allowance of calls is spent.
    QuotaExhausted,
    /// Will pass: a server error, a time-out, a line that broke off.
    Transient,
    /// Will not pass by itself.
    Permanent,
    /// What was asked for is not there.
    NotFound,
    /// Clashes with something that is there.
    Conflict,
    /// A permission is missing.
    Forbidden {
        /// Which, in the provider's words, if it said so.
        permission: Option<String>,
    },
    /// The provider, or its connector, cannot do that.
    Unsupported,
    /// The answer is none of this API.
    Malformed,
}

impl ErrorClass {
    /// The code that stands for the class where nothing more is known.
    pub const fn code(&self) -> Code {
        match self {
            Self::Auth => Code::ConnectionUnauthorized,
            Self::RateLimited { .. } => Code::ConnectionRateLimited,
            Self::QuotaExhausted => Code::ConnectionQuotaExhausted,
            Self::Transient => Code::ConnectionUnavailable,
            Self::Permanent | Self::Conflict => Code::ConnectionRefused,
            Self::NotFound => Code::ConnectionNotFound,
            Self::Forbidden { .. } => Code::ConnectionForbidden,
            Self::Unsupported => Code::ConnectionUnsupported,
            Self::Malformed => Code::ConnectionUnexpectedAnswer,
        }
    }
}

/// A call to a provider failed. The message says what happened, to which request, in the
/// provider's own words where it said something; it never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConnectorError {
    class: ErrorClass,
    code: Code,
    message: String,
    outcome_unknown: bool,
}

impl ConnectorError {
    /// A failure of this class, under the class's own code.
    pub fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        let code = class.code();
        Self {
            class,
            code,
            message: message.into(),
            outcome_unknown: false,
        }
    }

    /// A failure under a code that says more than its class does.
    pub fn with_code(class: ErrorClass, code: Code, message: impl Into<String>) -> Self {
        Self {
            class,
            code,
            message: message.into(),
            outcome_unknown: false,
        }
    }

    /// What kind of failure it is.
    pub const fn class(&self) -> &ErrorClass {
        &self.class
    }

    /// The stable code, which can be looked up.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What happened, to which request. Never holds a secret.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How long to wait, if the provider asked for it.
    pub const fn retry_after(&self) -> Option<Duration> {
        match &self.class {
            ErrorClass::RateLimited { retry_after } => *retry_after,
            _ => None,
        }
    }

    /// Whether the same call may work later without anybody mending something.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self.class,
            ErrorClass::RateLimited { .. } | ErrorClass::QuotaExhausted | ErrorClass::Transient
        )
    }

    /// Whether what was to be written may have been written all the same: the answer was lost,
    /// or was none. Such a write is not repeated blindly.
    pub const fn outcome_is_unknown(&self) -> bool {
        self.outcome_unknown
    }

    /// The same failure, of a write that may have happened.
    #[must_use]
    pub(crate) const fn unknown_outcome(mut self) -> Self {
        self.outcome_unknown = true;
        self
    }

    /// The same failure, of a write: what passes and what is no answer leave open whether it
    /// happened, unless the provider was never reached.
    #[must_use]
    pub(crate) fn of_a_write(self) -> Self {
        let is_open = match self.class {
            ErrorClass::Transient => self.code != Code::ConnectionUnreachable,
            ErrorClass::Malformed => self.code != Code::ConnectionRedirected,
            _ => false,
        };
        if is_open {
            self.unknown_outcome()
        } else {
            self
        }
    }

    /// The same failure with its message led by what was being done.
    #[must_use]
    pub(crate) fn during(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }
}

impl From<OutboundError> for ConnectorError {
    fn from(error: OutboundError) -> Self {
        let class = match &error {
            OutboundError::Unreachable { .. }
            | OutboundError::Timeout { .. }
            | OutboundError::BrokenOff { .. } => ErrorClass::Transient,
            OutboundError::Redirected { .. } | OutboundError::TooLarge { .. } => {
                ErrorClass::Malformed
            }
            OutboundError::AddressRefused { .. }
            | OutboundError::Tls { .. }
            | OutboundError::InvalidRequest { .. }
            | OutboundError::InvalidOptions { .. } => ErrorClass::Permanent,
        };
        Self::with_code(class, error.code(), error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_host_keeps_its_code_and_may_pass() {
        let error: ConnectorError = OutboundError::Unreachable {
            host: "crm.example".to_owned(),
            reason: "nothing listens on that port".to_owned(),
        }
        .into();
        assert_eq!(error.code(), Code::ConnectionUnreachable);
        assert!(error.is_passing());
    }
}
