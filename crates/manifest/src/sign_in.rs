//! Ways to sign in.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{HeaderTemplate, Pointer, RequestTemplate, Template};

/// How a connection signs in, and what every signed request then carries. Where a provider has
/// several ways, each has a name; the form offers them in the order of the manifest, those that
/// need no public address first.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SignIn {
    /// Fixed headers; where the API is may have to be looked up first, and again when a request
    /// is answered with 401.
    Keys {
        /// The name of this way; needed where there are several.
        #[serde(default)]
        name: String,
        /// What the vendor calls it, for the choice in the form.
        #[serde(default)]
        title: String,
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
        /// The name of this way; needed where there are several.
        #[serde(default)]
        name: String,
        /// What the vendor calls it, for the choice in the form.
        #[serde(default)]
        title: String,
        /// The token endpoint.
        token: TokenEndpoint,
        /// What the token's answer holds.
        yields: BTreeMap<String, Yielded>,
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
    },
    /// An assertion signed with a private key (RFC 7523): RS256 over issuer, subject, audience
    /// and expiry.
    Oauth2JwtBearer {
        /// The name of this way; needed where there are several.
        #[serde(default)]
        name: String,
        /// What the vendor calls it, for the choice in the form.
        #[serde(default)]
        title: String,
        /// The token endpoint; its client need not be named besides the assertion.
        token: TokenEndpoint,
        /// The `iss` claim.
        issuer: Template,
        /// The `sub` claim.
        subject: Template,
        /// The `aud` claim.
        audience: Template,
        /// The credential that holds the private key, in PEM (PKCS #8).
        key: String,
        /// What the token's answer holds.
        yields: BTreeMap<String, Yielded>,
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
    },
    /// OAuth 2.0 refresh tokens (RFC 6749, section 6) with the credentials `client_id`,
    /// `client_secret` and `refresh_token`. A one-time code, which somebody pastes or which
    /// comes back from a redirect, is exchanged for the refresh token when the connection is
    /// saved. A refresh token that the vendor replaces is stored before it is used.
    Oauth2Refresh {
        /// The name of this way; needed where there are several.
        #[serde(default)]
        name: String,
        /// What the vendor calls it, for the choice in the form.
        #[serde(default)]
        title: String,
        /// The token endpoint.
        token: TokenEndpoint,
        /// The one-time credential that holds the code.
        code: String,
        /// Where somebody consents and is sent back from with the code; absent: the code is
        /// made on the vendor's side and pasted.
        #[serde(default)]
        authorize: Option<Authorize>,
        /// What the token's answer holds.
        yields: BTreeMap<String, Yielded>,
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
    },
    /// A log-in request whose answer holds a session.
    Session {
        /// The name of this way; needed where there are several.
        #[serde(default)]
        name: String,
        /// What the vendor calls it, for the choice in the form.
        #[serde(default)]
        title: String,
        /// The log-in, sent unsigned.
        request: RequestTemplate,
        /// What its answer holds. Something missing there means that the log-in was refused.
        yields: BTreeMap<String, Yielded>,
        /// Where the answer says how many seconds the session lives.
        #[serde(default)]
        expires_in: Option<Pointer>,
        /// The headers of every request.
        headers: BTreeMap<String, HeaderTemplate>,
    },
}

/// Where tokens are had.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenEndpoint {
    /// The host, by name.
    pub host: String,
    /// The path.
    pub path: Template,
    /// Where the client's id and secret go.
    #[serde(default)]
    pub client: ClientPlace,
    /// Where they go when a refresh token is used, for vendors who want them elsewhere then.
    #[serde(default)]
    pub refresh_client: Option<ClientPlace>,
    /// Further fields of the request, for example a scope.
    #[serde(default)]
    pub fields: BTreeMap<String, Template>,
    /// Where the answer says how many seconds the token lives.
    #[serde(default)]
    pub expires_in: Option<Pointer>,
}

/// Where a token request carries its client's id and secret (RFC 6749, section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientPlace {
    /// In the form.
    #[default]
    Form,
    /// In the header.
    Basic,
    /// In a JSON body, as all other fields: not of the RFC.
    Json,
}

/// Where somebody consents (RFC 6749, section 4.1.1).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authorize {
    /// The host, by name.
    pub host: String,
    /// The path.
    pub path: Template,
    /// Parameters besides `response_type`, `client_id`, `redirect_uri`, `state` and those of
    /// PKCE: the scope.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// Whether the vendor takes a code challenge (RFC 7636, S256).
    #[serde(default)]
    pub pkce: bool,
}

/// A request behind signing in, sent with the new session.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionLookUp {
    /// The request. What earlier ones yielded is an input of it; a header with an input that is
    /// not known yet is left out.
    pub request: RequestTemplate,
    /// What its answer holds.
    pub yields: BTreeMap<String, Yielded>,
}

/// Products of one vendor that share their accounts and their tokens: one consent, or one code,
/// can cover several of them, and each is a connection of its own with its own copy of the refresh
/// token. So it is for vendors whose refresh tokens stay the same when they are used: where they
/// rotate, the copies would put each other out of use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Its name; the manifests of its products say the same one.
    pub name: String,
    /// What the vendor calls it.
    pub title: String,
    /// The scopes that this product needs. In `authorize.query` they are `{scopes}`, behind them
    /// those of other products that the same consent shall cover.
    pub scopes: Vec<String>,
    /// What stands between scopes: a space by RFC 6749, a comma with some vendors.
    #[serde(default = "space")]
    pub separator: String,
}

fn space() -> String {
    " ".to_owned()
}

/// Something that signing in yields, an input of later requests. A setting of the form that has
/// the same name comes before it where it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
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
    /// The name of this way; empty where there is only one.
    pub fn name(&self) -> &str {
        match self {
            Self::Keys { name, .. }
            | Self::Oauth2ClientCredentials { name, .. }
            | Self::Oauth2JwtBearer { name, .. }
            | Self::Oauth2Refresh { name, .. }
            | Self::Session { name, .. } => name,
        }
    }

    /// What the vendor calls it; empty where there is only one.
    pub fn title(&self) -> &str {
        match self {
            Self::Keys { title, .. }
            | Self::Oauth2ClientCredentials { title, .. }
            | Self::Oauth2JwtBearer { title, .. }
            | Self::Oauth2Refresh { title, .. }
            | Self::Session { title, .. } => title,
        }
    }

    /// What signing in yields.
    pub const fn yields(&self) -> &BTreeMap<String, Yielded> {
        match self {
            Self::Keys { yields, .. }
            | Self::Oauth2ClientCredentials { yields, .. }
            | Self::Oauth2JwtBearer { yields, .. }
            | Self::Oauth2Refresh { yields, .. }
            | Self::Session { yields, .. } => yields,
        }
    }

    /// The headers of every signed request.
    pub const fn headers(&self) -> &BTreeMap<String, HeaderTemplate> {
        match self {
            Self::Keys { headers, .. }
            | Self::Oauth2ClientCredentials { headers, .. }
            | Self::Oauth2JwtBearer { headers, .. }
            | Self::Oauth2Refresh { headers, .. }
            | Self::Session { headers, .. } => headers,
        }
    }

    /// The token endpoint, where there is one.
    pub const fn token(&self) -> Option<&TokenEndpoint> {
        match self {
            Self::Oauth2ClientCredentials { token, .. }
            | Self::Oauth2JwtBearer { token, .. }
            | Self::Oauth2Refresh { token, .. } => Some(token),
            Self::Keys { .. } | Self::Session { .. } => None,
        }
    }

    /// Where somebody has to consent in a browser, where that is how it is done. Only this way
    /// needs an address at which the vendor's consent page can send that browser back.
    pub const fn authorize(&self) -> Option<&Authorize> {
        match self {
            Self::Oauth2Refresh { authorize, .. } => authorize.as_ref(),
            _ => None,
        }
    }

    /// Whether there is a session to be had at all, or only fixed headers.
    pub const fn has_session(&self) -> bool {
        !matches!(self, Self::Keys { look_up: None, .. })
    }
}
