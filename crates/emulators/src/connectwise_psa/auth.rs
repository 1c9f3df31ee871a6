//! Who calls: the API member by its keys, or a member by keys that the API member asked for.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::entry::{date_time, number};
use super::errors::{Violation, invalid, no_record, of};
use super::{CLIENT_ID, COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::User;
use crate::oauth::basic;
use crate::random::Random;

/// How long the keys of an impersonated member work.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(4);

/// The member who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) id: i64,
    pub(crate) identifier: String,
    pub(crate) name: String,
}

impl Caller {
    fn of(user: &User) -> Self {
        Self {
            id: number(&user.id),
            identifier: user.username.clone(),
            name: user.full_name(),
        }
    }
}

/// Keys that act for members.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<Vec<Token>>);

#[derive(Debug)]
struct Token {
    public: String,
    private: String,
    member: String,
    expires: Timestamp,
}

impl Tokens {
    fn lock(&self) -> MutexGuard<'_, Vec<Token>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whom a request acts as, or why it may not enter.
    pub(crate) fn caller(&self, core: &Core, request: &ApiRequest) -> Result<Caller, Box<Answer>> {
        let refused = || {
            let answer = of(
                StatusCode::UNAUTHORIZED,
                "ConnectWiseApi",
                "UserNotAuthenticated",
            );
            Box::new(answer)
        };
        if request
            .header("clientid")
            .is_none_or(|id| !id.eq_ignore_ascii_case(CLIENT_ID))
        {
            let message = "A valid clientId header is required.";
            return Err(of(StatusCode::UNAUTHORIZED, "Unauthorized", message).into());
        }
        let (login, private) = basic(request).ok_or_else(refused)?;
        let (company, public) = login.split_once('+').ok_or_else(refused)?;
        if !company.eq_ignore_ascii_case(COMPANY_ID) {
            return Err(refused());
        }
        let directory = core.directory();
        let user = if public == PUBLIC_KEY && private == PRIVATE_KEY {
            directory.connecting()
        } else {
            let now = core.clock.now();
            let tokens = self.lock();
            let mut all = tokens.iter();
            let token = all.find(|token| {
                token.public == public && token.private == private && token.expires > now
            });
            let member = token
                .map(|token| token.member.clone())
                .ok_or_else(refused)?;
            directory.find(&member)
        };
        user.filter(|user| user.is_active())
            .map(Caller::of)
            .ok_or_else(refused)
    }

    /// `POST /system/members/{identifier}/tokens`: keys by which to act as that member.
    pub(crate) fn issue(&self, core: &Core, request: &ApiRequest, identifier: &str) -> Answer {
        let kind = request.header("x-cw-usertype").unwrap_or_default();
        if !matches!(kind.to_lowercase().as_str(), "member" | "integrator") {
            let message = "The x-cw-usertype header is required.";
            let violation = Violation::new("MissingRequiredField", "x-cw-usertype", message);
            return invalid("token", &[violation]);
        }
        let directory = core.directory();
        let mut users = directory.users().iter();
        let Some(user) = users.find(|user| user.username.eq_ignore_ascii_case(identifier)) else {
            return no_record("member", identifier);
        };
        if !user.is_active() {
            let message = format!("Member {identifier} is inactive.");
            let violation = Violation::new("InvalidReference", "memberIdentifier", message);
            return invalid("token", &[violation]);
        }
        let mut tokens = self.lock();
        let mut random = Random::new(core.seed, "connectwise-psa token", tokens.len());
        let now = core.clock.now();
        let token = Token {
            public: random.text(16),
            private: random.text(16),
            member: user.id.clone(),
            expires: now.checked_add(TOKEN_LIFE).unwrap_or(Timestamp::MAX),
        };
        let body = json!({
            "publicKey": token.public, "privateKey": token.private, "expiration": date_time(token.expires),
        });
        tokens.push(token);
        Answer::json(StatusCode::OK, &body)
    }
}
