//! The OAuth 2.0 part that many vendors have alike: codes, access tokens, refresh tokens. What
//! differs is said in [`Rules`]; the words of refusals are the vendor's own.

#![expect(
    clippy::similar_names,
    reason = "the core and a code are called so everywhere"
)]

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::answer::{ApiRequest, find};
use crate::control::GrantCode;
use crate::core::Core;
use crate::random::Random;

/// How long an unused code works.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// What a vendor's token endpoint asks for and gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// The client's id.
    pub(crate) client_id: &'static str,
    /// The client's secret.
    pub(crate) client_secret: &'static str,
    /// Where the client's id and secret are taken from.
    pub(crate) client: ClientPlace,
    /// The grants there are.
    pub(crate) grants: &'static [&'static str],
    /// The scope of a grant that names none, separated as the vendor does.
    pub(crate) scope: &'static str,
    /// A code that works from the start, for the first connection; empty: none.
    pub(crate) first_code: &'static str,
    /// A refresh token that works from the start; empty: none.
    pub(crate) first_refresh: &'static str,
    /// How many seconds an access token lives.
    pub(crate) access_seconds: i64,
    /// Whether a refresh token works once and is replaced by another.
    pub(crate) rotates: bool,
    /// What access tokens begin with.
    pub(crate) token_prefix: &'static str,
    /// Whether a new token ends the ones before it.
    pub(crate) one_live_token: bool,
}

/// Where a token request carries its client's id and secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientPlace {
    /// In the form (RFC 6749, section 2.3.1, the alternative).
    Form,
    /// In the header (RFC 6749, section 2.3.1).
    Basic,
    /// In either.
    Either,
}

/// Why a token request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantError {
    /// Id or secret are wrong or stand in the wrong place.
    Client,
    /// The code or refresh token is unknown, used or expired.
    Grant,
    /// There is no such grant here.
    Unsupported,
}

impl GrantError {
    /// The `error` of RFC 6749, section 5.2.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Client => "invalid_client",
            Self::Grant => "invalid_grant",
            Self::Unsupported => "unsupported_grant_type",
        }
    }
}

/// What a token request yields.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) access_token: String,
    /// Absent for client credentials, and for a refresh that keeps its token.
    pub(crate) refresh_token: Option<String>,
    pub(crate) expires_in: i64,
    pub(crate) scope: String,
}

/// The codes and tokens of one emulator.
#[derive(Debug)]
pub(crate) struct OAuth {
    rules: Rules,
    live: Mutex<Live>,
}

#[derive(Debug, Default)]
struct Live {
    codes: HashMap<String, Code>,
    /// Refresh tokens and their scopes.
    refresh: HashMap<String, String>,
    access: Vec<Access>,
    made: usize,
}

#[derive(Debug)]
struct Code {
    scope: String,
    expires: Timestamp,
    redirect_uri: Option<String>,
    challenge: Option<String>,
}

#[derive(Debug)]
struct Access {
    token: String,
    scope: String,
    expires: Timestamp,
}

impl OAuth {
    pub(crate) fn new(core: &Core, rules: Rules) -> Self {
        let mut live = Live::default();
        if !rules.first_code.is_empty() {
            let code = Code {
                scope: rules.scope.to_owned(),
                expires: later(core.clock.now(), CODE_LIFE),
                redirect_uri: None,
                challenge: None,
            };
            live.codes.insert(rules.first_code.to_owned(), code);
        }
        if !rules.first_refresh.is_empty() {
            let token = rules.first_refresh.to_owned();
            live.refresh.insert(token, rules.scope.to_owned());
        }
        Self {
            rules,
            live: Mutex::new(live),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a code or token was ever handed out.
    pub(crate) fn has_issued(&self) -> bool {
        self.lock().made > 0
    }

    /// Ends every access token; refresh tokens keep working.
    pub(crate) fn expire_access(&self) {
        self.lock().access.clear();
    }

    /// Ends a refresh token; whether there was one.
    pub(crate) fn revoke_refresh(&self, token: &str) -> bool {
        self.lock().refresh.remove(token).is_some()
    }

    /// A code as if somebody had consented, bound to no address.
    pub(crate) fn issue_code(&self, core: &Core, scope: Option<&str>) -> GrantCode {
        let scope = scope.unwrap_or(self.rules.scope).to_owned();
        self.code(core, scope, None, None)
    }

    fn code(
        &self,
        core: &Core,
        scope: String,
        redirect_uri: Option<String>,
        challenge: Option<String>,
    ) -> GrantCode {
        let mut live = self.lock();
        let code = live.text(core, "code");
        let expires_at = later(core.clock.now(), CODE_LIFE);
        live.codes.insert(
            code.clone(),
            Code {
                scope: scope.clone(),
                expires: expires_at,
                redirect_uri,
                challenge,
            },
        );
        GrantCode {
            code,
            scope,
            expires_at,
        }
    }

    /// The consent page, where somebody consents at once: the address to be sent back to, with a
    /// code. The error is the `error` of RFC 6749, section 4.1.2.1.
    pub(crate) fn authorize(
        &self,
        core: &Core,
        request: &ApiRequest,
    ) -> Result<String, &'static str> {
        if request.parameter("client_id") != Some(self.rules.client_id) {
            return Err("unauthorized_client");
        }
        if request.parameter("response_type") != Some("code") {
            return Err("unsupported_response_type");
        }
        let back = request.parameter("redirect_uri").ok_or("invalid_request")?;
        let mut address = url::Url::parse(back).map_err(|_| "invalid_request")?;
        let challenge = match request.parameter("code_challenge_method") {
            Some("S256") => request.parameter("code_challenge").map(str::to_owned),
            Some(_) => return Err("invalid_request"),
            None => None,
        };
        let scope = request.parameter("scope").unwrap_or(self.rules.scope);
        let code = self.code(core, scope.to_owned(), Some(back.to_owned()), challenge);
        address.query_pairs_mut().append_pair("code", &code.code);
        if let Some(state) = request.parameter("state") {
            address.query_pairs_mut().append_pair("state", state);
        }
        Ok(address.into())
    }

    /// The token endpoint. `fields` are those of the form (or wherever the vendor has them).
    pub(crate) fn grant(
        &self,
        core: &Core,
        request: &ApiRequest,
        fields: &[(String, String)],
    ) -> Result<Grant, GrantError> {
        if !self.knows_client(request, fields) {
            return Err(GrantError::Client);
        }
        let kind = find(fields, "grant_type").unwrap_or_default();
        if !self.rules.grants.contains(&kind) {
            return Err(GrantError::Unsupported);
        }
        let now = core.clock.now();
        let mut live = self.lock();
        match kind {
            "authorization_code" => {
                let code = find(fields, "code").unwrap_or_default();
                let code = live.codes.remove(code).ok_or(GrantError::Grant)?;
                if code.expires <= now || !code.fits(fields) {
                    return Err(GrantError::Grant);
                }
                let refresh = live.text(core, "refresh");
                live.refresh.insert(refresh.clone(), code.scope.clone());
                Ok(self.access(core, &mut live, code.scope, Some(refresh)))
            }
            "refresh_token" => {
                let given = find(fields, "refresh_token").unwrap_or_default();
                let scope = live.refresh.get(given).cloned().ok_or(GrantError::Grant)?;
                let replaced = self.rules.rotates.then(|| {
                    live.refresh.remove(given);
                    let refresh = live.text(core, "refresh");
                    live.refresh.insert(refresh.clone(), scope.clone());
                    refresh
                });
                Ok(self.access(core, &mut live, scope, replaced))
            }
            _ => {
                let scope = find(fields, "scope").unwrap_or(self.rules.scope).to_owned();
                Ok(self.access(core, &mut live, scope, None))
            }
        }
    }

    fn knows_client(&self, request: &ApiRequest, fields: &[(String, String)]) -> bool {
        let Rules {
            client_id,
            client_secret,
            client,
            ..
        } = self.rules;
        let in_form = find(fields, "client_id") == Some(client_id)
            && find(fields, "client_secret") == Some(client_secret);
        let in_header = basic(request)
            .is_some_and(|(name, secret)| name == client_id && secret == client_secret);
        match client {
            ClientPlace::Form => in_form,
            ClientPlace::Basic => in_header,
            ClientPlace::Either => in_form || in_header,
        }
    }

    fn access(
        &self,
        core: &Core,
        live: &mut Live,
        scope: String,
        refresh_token: Option<String>,
    ) -> Grant {
        if self.rules.one_live_token {
            live.access.clear();
        }
        let token = format!("{}{}", self.rules.token_prefix, live.text(core, "access"));
        let life = SignedDuration::from_secs(self.rules.access_seconds);
        live.access.push(Access {
            token: token.clone(),
            scope: scope.clone(),
            expires: later(core.clock.now(), life),
        });
        Grant {
            access_token: token,
            refresh_token,
            expires_in: self.rules.access_seconds,
            scope,
        }
    }

    /// The scope of a live access token; `None` when it is none.
    pub(crate) fn scope_of(&self, core: &Core, token: &str) -> Option<String> {
        let now = core.clock.now();
        let live = self.lock();
        let mut all = live.access.iter();
        all.find(|access| access.token == token && access.expires > now)
            .map(|access| access.scope.clone())
    }

    /// How many seconds an access token still lives; `None` when it is none.
    pub(crate) fn seconds_left(&self, core: &Core, token: &str) -> Option<i64> {
        let now = core.clock.now();
        let live = self.lock();
        let mut all = live.access.iter();
        let access = all.find(|access| access.token == token && access.expires > now)?;
        Some(access.expires.duration_since(now).as_secs())
    }

    /// The scope of the live access token that a request bears (RFC 6750).
    pub(crate) fn scope_of_bearer(&self, core: &Core, request: &ApiRequest) -> Option<String> {
        self.scope_of(core, bearer(request)?)
    }
}

impl Code {
    /// Whether the exchange names the address the code was sent to and the verifier of its
    /// challenge (RFC 7636), as far as it is bound to any.
    fn fits(&self, fields: &[(String, String)]) -> bool {
        let address = self.redirect_uri.as_deref();
        let address_fits = address.is_none() || find(fields, "redirect_uri") == address;
        let challenge_fits = self.challenge.as_ref().is_none_or(|challenge| {
            find(fields, "code_verifier").is_some_and(|verifier| {
                URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == *challenge
            })
        });
        address_fits && challenge_fits
    }
}

impl Live {
    fn text(&mut self, core: &Core, purpose: &str) -> String {
        self.made += 1;
        let stream = format!("{} {purpose}", core.info().name);
        Random::new(core.seed, &stream, self.made).text(40)
    }
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(request: &ApiRequest) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Name and password of `Authorization: Basic …` (RFC 7617).
pub(crate) fn basic(request: &ApiRequest) -> Option<(String, String)> {
    let (scheme, encoded) = request.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}
