//! Sessions. Tokens carry no lifetime; they end two hours after their last use, or when somebody
//! revokes them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::errors::ApiError;
use super::setup::ORGANIZATION_ID;
use crate::answer::ApiRequest;
use crate::core::Core;
use crate::random::Random;

/// The default session timeout of an organization.
const SESSION: SignedDuration = SignedDuration::from_hours(2);

/// The live sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Live>);

#[derive(Debug, Default)]
struct Live {
    tokens: HashMap<String, Session>,
    issued: usize,
}

#[derive(Debug)]
struct Session {
    /// The id of the user who signed in.
    user: String,
    used: Timestamp,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, Live> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn end_all(&self) {
        self.lock().tokens.clear();
    }

    /// A session of that user: its access token.
    pub(crate) fn begin(&self, core: &Core, user: &str) -> String {
        let mut live = self.lock();
        live.issued += 1;
        let tail = Random::new(core.seed, "salesforce session", live.issued).text(80);
        let token = format!("{}!AQ{tail}", &ORGANIZATION_ID[..15]);
        let session = Session {
            user: user.to_owned(),
            used: core.clock.now(),
        };
        live.tokens.insert(token.clone(), session);
        token
    }

    pub(crate) fn end(&self, token: &str) -> bool {
        self.lock().tokens.remove(token).is_some()
    }

    /// The user of a live session; using it keeps it alive.
    fn renew(&self, token: &str, now: Timestamp) -> Option<String> {
        let mut live = self.lock();
        live.tokens
            .retain(|_, session| now.duration_since(session.used) < SESSION);
        let session = live.tokens.get_mut(token)?;
        session.used = now;
        Some(session.user.clone())
    }

    /// The id of the user whose session a request to the REST API bears.
    pub(crate) fn check(&self, core: &Core, request: &ApiRequest) -> Result<String, ApiError> {
        let header = request
            .header("authorization")
            .ok_or_else(ApiError::invalid_session)?;
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| ["bearer", "oauth"].contains(&scheme.to_lowercase().as_str()))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| {
                let status = StatusCode::UNAUTHORIZED;
                ApiError::new(status, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
            })?;
        let user = self.renew(token, core.clock.now());
        user.ok_or_else(ApiError::invalid_session)
    }
}
