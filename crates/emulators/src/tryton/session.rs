//! Logging in: `common.db.login`, sessions in a header, or a password with every request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::errors::{Refused, too_many, wrong_password};
use super::{Called, LOGIN, PASSWORD, result};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::User;
use crate::oauth::basic;
use crate::random::Random;

/// How many wrong passwords in a row are looked at.
const ATTEMPTS: usize = 6;

/// How long wrong passwords are remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(5);

/// The live sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    live: Vec<String>,
    made: usize,
    failures: Vec<Timestamp>,
}

/// The id of the connecting user; none when it is switched off.
fn connecting(core: &Core) -> Option<i64> {
    let directory = core.directory();
    let user = directory
        .connecting()
        .filter(|user: &&User| user.is_active())?;
    user.id.parse().ok()
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn end_all(&self) {
        self.lock().live.clear();
    }

    /// `common.db.login(login, {"password": …}, language)`. Without a password it asks for one.
    pub(crate) fn log_in(&self, core: &Core, call: &Called) -> Answer {
        let login = call
            .params
            .first()
            .and_then(|login| login.as_str())
            .unwrap_or_default();
        let given = call
            .params
            .get(1)
            .and_then(|given| given["password"].as_str());
        let Some(password) = given else {
            let error = json!([
                "LoginException",
                ["password", format!("Password for {login}"), "password"]
            ]);
            let body = json!({ "id": call.id, "error": error });
            return Answer::bytes(
                axum::http::StatusCode::OK,
                "application/json",
                body.to_string().into_bytes(),
            );
        };
        if call.params.len() > 3 {
            return Refused::Exception("login() takes from 3 to 4 positional arguments".to_owned())
                .answer(&call.id);
        }
        let now = core.clock.now();
        let mut state = self.lock();
        state
            .failures
            .retain(|at| now.duration_since(*at) < REMEMBERED);
        if state.failures.len() >= ATTEMPTS {
            return too_many();
        }
        let user = connecting(core).filter(|_| login == LOGIN && password == PASSWORD);
        let Some(user) = user else {
            state.failures.push(now);
            return wrong_password();
        };
        state.failures.clear();
        state.made += 1;
        let mut random = Random::new(core.seed, "tryton session", state.made);
        let key: String = (0..64)
            .map(|_| char::from(b"0123456789abcdef"[random.below(16)]))
            .collect();
        state.live.push(key.clone());
        result(&call.id, &json!([user, key]))
    }

    /// Who calls: by session, or by login and password.
    pub(crate) fn user(&self, core: &Core, request: &ApiRequest) -> Option<i64> {
        let user = connecting(core)?;
        if let Some((login, password)) = basic(request) {
            return (login == LOGIN && password == PASSWORD).then_some(user);
        }
        let (login, id, key) = session(request)?;
        let known = login == LOGIN && id == user && self.lock().live.contains(&key);
        known.then_some(user)
    }

    pub(crate) fn log_out(&self, request: &ApiRequest) {
        if let Some((_, _, key)) = session(request) {
            self.lock().live.retain(|live| *live != key);
        }
    }
}

/// `Authorization: Session base64(login:user id:session)`.
fn session(request: &ApiRequest) -> Option<(String, i64, String)> {
    let encoded = request.header("authorization")?.strip_prefix("Session ")?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let mut parts = text.splitn(3, ':');
    Some((
        parts.next()?.to_owned(),
        parts.next()?.parse().ok()?,
        parts.next()?.to_owned(),
    ))
}
