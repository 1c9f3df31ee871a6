//! Signing in: user, password and company name for a pair of tokens; a pair for the next pair.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::Sha256;

use super::envelope::{failure, invalid, success};
use super::multipart::fields;
use super::{PASSWORD, TENANT, USERNAME, date_time};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::User;
use crate::oauth::bearer;
use crate::random::Random;

/// How long an access token works; not stated by the vendor.
const ACCESS_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// How long a refresh token works; not stated by the vendor.
const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(24 * 14);

/// The sessions of one emulator.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Vec<Session>>);

#[derive(Debug)]
struct Session {
    access: String,
    access_expires: Timestamp,
    refresh: String,
    refresh_expires: Timestamp,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, Vec<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every access token; refresh tokens keep working.
    pub(crate) fn expire_access(&self) {
        for session in self.lock().iter_mut() {
            session.access_expires = Timestamp::UNIX_EPOCH;
        }
    }

    /// Whether the request bears a live token of a user who is still active.
    pub(crate) fn may_enter(&self, core: &Core, request: &ApiRequest) -> bool {
        let now = core.clock.now();
        let active = core.directory().connecting().is_some_and(User::is_active);
        let token = bearer(request).unwrap_or_default();
        let known = |session: &Session| session.access == token && session.access_expires > now;
        active && self.lock().iter().any(known)
    }

    /// `POST /v2/security/authenticate`.
    pub(crate) fn authenticate(&self, core: &Core, request: &ApiRequest) -> Answer {
        let Some(form) = fields(request) else {
            return super::envelope::unsupported();
        };
        let field = |name: &str| of(&form, name);
        let Some(grant) = field("GrantType") else {
            return invalid(&["The GrantType field is required.".to_owned()]);
        };
        if !grant.eq_ignore_ascii_case("password") {
            return failure(400, "Invalid grant type.");
        }
        let fits = field("UserName").is_some_and(|name| name.eq_ignore_ascii_case(USERNAME))
            && field("Password") == Some(PASSWORD)
            && field("Tenant").is_some_and(|tenant| tenant.eq_ignore_ascii_case(TENANT));
        let active = core.directory().connecting().is_some_and(User::is_active);
        if !fits || !active {
            return failure(401, "Invalid username or password.");
        }
        let mut sessions = self.lock();
        let number = sessions.len();
        sessions.push(session(core, number));
        shown(sessions.last())
    }

    /// `POST /v2/security/refreshtoken`: the old pair ends.
    pub(crate) fn refresh(&self, core: &Core, request: &ApiRequest) -> Answer {
        let Some(form) = fields(request) else {
            return super::envelope::unsupported();
        };
        let Some(access) = of(&form, "AccessToken") else {
            return invalid(&["The AccessToken field is required.".to_owned()]);
        };
        let refresh = of(&form, "RefreshToken").unwrap_or_default();
        let now = core.clock.now();
        let mut sessions = self.lock();
        let number = sessions.len();
        let known = sessions.iter_mut().find(|session| {
            session.access == access && session.refresh == refresh && session.refresh_expires > now
        });
        let Some(known) = known else {
            return failure(401, "Invalid token.");
        };
        known.access_expires = Timestamp::UNIX_EPOCH;
        known.refresh_expires = Timestamp::UNIX_EPOCH;
        sessions.push(session(core, number));
        shown(sessions.last())
    }
}

fn of<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut all = form.iter();
    all.find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

fn shown(session: Option<&Session>) -> Answer {
    let result = session.map(|session| {
        json!({
            "AccessToken": session.access,
            "RefreshToken": session.refresh,
            "AccessTokenExpireOn": date_time(session.access_expires),
            "RefreshTokenExpireOn": date_time(session.refresh_expires),
        })
    });
    success(&json!(result))
}

fn session(core: &Core, number: usize) -> Session {
    let now = core.clock.now();
    let later = |life| now.checked_add(life).unwrap_or(Timestamp::MAX);
    let mut random = Random::new(core.seed, "kaseya-bms session", number);
    let refresh = random.text(48);
    let access_expires = later(ACCESS_LIFE);
    Session {
        access: jwt(&random.text(16), access_expires),
        access_expires,
        refresh,
        refresh_expires: later(REFRESH_LIFE),
    }
}

/// A token of three parts. Nobody but the vendor checks its signature.
fn jwt(id: &str, expires: Timestamp) -> String {
    let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
    let head = encode(json!({ "alg": "HS256", "typ": "JWT" }).to_string());
    let claims =
        json!({ "jti": id, "unique_name": USERNAME, "tenant": TENANT, "exp": expires.as_second() });
    let signed = format!("{head}.{}", encode(claims.to_string()));
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac =
        Hmac::<Sha256>::new_from_slice(PASSWORD.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(signed.as_bytes());
    format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}
