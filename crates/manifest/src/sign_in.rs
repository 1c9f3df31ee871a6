//! Ways to sign in.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{HeaderTemplate, Pointer, RequestTemplate, Template};

/// How a connection signs in, and what every signed request then carries.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SignIn {
    /// Fixed headers; where the API is may have to be looked up first, and again when a request
    /// is answered with 401.
    Keys {
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
        /// The look-up, sent unsigned.
        #[serde(default)]
        look_up: Option<RequestTemplate>,
        /// What the look-up's answer holds.
        #[serde(default)]
        yields: BTreeMap<String, Yielded>,
    },
    /// OAuth 2.0 client credentials (RFC 6749, section 4.4) with the credentials `client_id` and
    /// `client_secret` in the form.
    Oauth2ClientCredentials {
        /// The host of the token endpoint, by name.
        host: String,
        /// The path of the token endpoint.
        path: Template,
        /// What the token's answer holds.
        yields: BTreeMap<String, Yielded>,
        /// Where the answer says how many seconds the token lives.
        #[serde(default)]
        expires_in: Option<Pointer>,
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
    },
    /// OAuth 2.0 refresh tokens (RFC 6749, section 6) with the credentials `client_id`,
    /// `client_secret` and `refresh_token`; a one-time code is exchanged for the refresh token
    /// when the connection is saved.
    Oauth2Refresh {
        /// The host of the token endpoint, by name.
        host: String,
        /// The path of the token endpoint.
        path: Template,
        /// The one-time credential that holds the code.
        code: String,
        /// What the token's answer holds.
        yields: BTreeMap<String, Yielded>,
        /// Where the answer says how many seconds the token lives.
        #[serde(default)]
        expires_in: Option<Pointer>,
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
    },
    /// A log-in request whose answer holds a session.
    Session {
        /// The log-in, sent unsigned.
        request: RequestTemplate,
        /// What its answer holds. Something missing there means that the log-in was refused.
        yields: BTreeMap<String, Yielded>,
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
    },
}

/// Something that signing in yields, an input of later requests.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Yielded {
    /// Where it stands in the answer.
    pub pointer: Pointer,
    /// Whether signing in works without it.
    #[serde(default)]
    pub optional: bool,
    /// Whether it may be shown: an address, a number of the customer. Everything else is secret.
    #[serde(default)]
    pub public: bool,
    /// The setting it is also kept in when the connection is saved, for links.
    #[serde(default)]
    pub keep_as: Option<String>,
}

impl SignIn {
    /// What signing in yields.
    pub const fn yields(&self) -> &BTreeMap<String, Yielded> {
        match self {
            Self::Keys { yields, .. }
            | Self::Oauth2ClientCredentials { yields, .. }
            | Self::Oauth2Refresh { yields, .. }
            | Self::Session { yields, .. } => yields,
        }
    }

    /// The headers of every signed request.
    pub const fn headers(&self) -> &BTreeMap<String, HeaderTemplate> {
        match self {
            Self::Keys { headers, .. }
            | Self::Oauth2ClientCredentials { headers, .. }
            | Self::Oauth2Refresh { headers, .. }
            | Self::Session { headers, .. } => headers,
        }
    }

    /// Whether there is a session to be had at all, or only fixed headers.
    pub const fn has_session(&self) -> bool {
        !matches!(self, Self::Keys { look_up: None, .. })
    }
}
