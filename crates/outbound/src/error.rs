//! Why a request got no answer.

use counterpart_model::Code;

/// A request was not sent, or got no whole answer. An answer of any status is not an error here,
/// redirects aside.
///
/// No variant holds a secret, a query string or a body; `host` is the host with its port if the
/// address names one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The address leads where nothing may be sent, or uses plain http.
    #[error("`{host}` is refused: {reason}")]
    AddressRefused {
        /// The host as the address names it.
        host: String,
        /// Where it leads, why that is refused, and what to do.
        reason: String,
    },
    /// No connection could be made.
    #[error("`{host}` cannot be reached: {reason}; check the address and this machine's network")]
    Unreachable {
        /// The host as the address names it.
        host: String,
        /// What failed, for example that the name does not resolve.
        reason: String,
    },
    /// A connection was made, but no secure one.
    #[error(
        "no secure connection to `{host}`: {reason}; correct the address or have the certificate renewed"
    )]
    Tls {
        /// The host as the address names it.
        host: String,
        /// What is wrong with the certificate or the handshake.
        reason: String,
    },
    /// No whole answer within the time allowed.
    #[error("`{host}` did not answer within {seconds} s; try again later")]
    Timeout {
        /// The host as the address names it.
        host: String,
        /// The time allowed, in whole seconds, rounded up.
        seconds: u64,
    },
    /// The answer ended before it was whole, or was no HTTP.
    #[error("the answer of `{host}` broke off: {reason}; try again")]
    BrokenOff {
        /// The host as the address names it.
        host: String,
        /// What was wrong with it.
        reason: String,
    },
    /// The host answered with a redirect. It is not followed: credentials go to no other host.
    #[error("`{host}` redirects to `{to}`; enter that address if it is the right one")]
    Redirected {
        /// The host as the address names it.
        host: String,
        /// Scheme and host of the target, nothing more of it.
        to: String,
    },
    /// The answer is larger than is read.
    #[error("the answer of `{host}` is larger than {limit} bytes; ask for smaller pages")]
    TooLarge {
        /// The host as the address names it.
        host: String,
        /// How many bytes are read at most, after decompression.
        limit: usize,
    },
    /// The request cannot be sent as it is.
    #[error("the request to `{host}` cannot be sent: {reason}")]
    InvalidRequest {
        /// The host as the address names it.
        host: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// The client cannot be built with these options.
    #[error("the outbound client cannot be set up: {reason}")]
    InvalidOptions {
        /// What is wrong with them and what to do.
        reason: String,
    },
}

impl OutboundError {
    /// The stable code of this error.
    pub const fn code(&self) -> Code {
        match self {
            Self::AddressRefused { .. } => Code::ConnectionAddressRefused,
            Self::Unreachable { .. } => Code::ConnectionUnreachable,
            Self::Tls { .. } => Code::ConnectionTls,
            Self::Timeout { .. } => Code::ConnectionTimeout,
            Self::BrokenOff { .. } => Code::ConnectionBrokenOff,
            Self::Redirected { .. } => Code::ConnectionRedirected,
            Self::TooLarge { .. } => Code::ConnectionUnexpectedAnswer,
            Self::InvalidRequest { .. } => Code::ConnectionSettingsInvalid,
            Self::InvalidOptions { .. } => Code::Usage,
        }
    }
}
