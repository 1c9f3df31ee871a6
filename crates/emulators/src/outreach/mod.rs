//! Outreach as a platform: its users are the people, its calls what they do. JSON:API, version 2.

mod auth;
mod errors;
mod kinds;
mod list;
mod people;
mod written;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::Method;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::json;
use sha2::Sha256;

use self::auth::{CLIENT_ID, CLIENT_SECRET, CODE, Mint};
use self::errors::{Problem, no_such_path};
use crate::answer::{Answer, ApiRequest};
use crate::control::{GrantCode, Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::OAuth;
use crate::people::{DOMAIN, EmailMix, Flavour, NameMix};
use crate::random::Random;

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 10_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Outreach::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "outreach",
    title: "Outreach",
    settings: &[
        FieldInfo {
            name: "api_url",
            value: "{base_url}",
        },
        FieldInfo {
            name: "redirect_uri",
            value: "https://counterpart.example/callback",
        },
    ],
    credentials: &[
        FieldInfo {
            name: "client_id",
            value: CLIENT_ID,
        },
        FieldInfo {
            name: "client_secret",
            value: CLIENT_SECRET,
        },
        FieldInfo {
            name: "code",
            value: CODE,
        },
    ],
    habits: Habits {
        lists_deleted: false,
        // It is some person's account that a connection signs in by.
        tells_own_user: false,
        leads_are_contacts: true,
    },
    note: "The code is one as it stands in the address after consent; it works once, for ten minutes. A token can be had once a minute. Its people are the platform's own.",
};

/// The platform's own directory.
const FLAVOUR: Flavour = Flavour {
    provider: "outreach",
    other_domain: DOMAIN,
    email: EmailMix {
        other_case: 0,
        plus_tag: 0,
        other_domain: 0,
        short: 0,
    },
    name: NameMix {
        nick: 0,
        folded: 0,
        native: 0,
        initial: 0,
        maiden: 0,
        swapped: 0,
    },
    has_phone: 100,
    has_extension: 100,
    has_employee_number: 100,
    departments: &["Support"],
    id: user_id,
    record_id,
    username,
    freezes: false,
};

/// The content type of every request and answer.
const MEDIA_TYPE: &str = "application/vnd.api+json";

/// Where the numbers of written records start.
const RECORDS_FROM: usize = 481_001;

fn user_id(nth: usize) -> String {
    (310_001 + nth).to_string()
}

fn record_id(kind: &str, nth: usize) -> String {
    let from = if kind == "company" { 3_001 } else { 90_001 };
    (from + nth).to_string()
}

/// `Anna_Meyer`.
fn username(user: &User) -> String {
    let local = user.email.split('@').next().unwrap_or_default();
    local.replace(['.', '+'], "_")
}

/// An id as the number it is.
fn number(id: &str) -> Option<u64> {
    id.parse().ok()
}

/// A GUID that follows from the id.
fn guid(id: &str) -> String {
    let mut random = Random::new(0, id, 0);
    let (high, low) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// The emulated Outreach.
#[derive(Debug)]
pub(crate) struct Outreach {
    core: Arc<Core>,
    oauth: OAuth,
    mint: Mint,
    /// How many records were made, those that were removed included.
    made: AtomicUsize,
}

impl Outreach {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            oauth: OAuth::new(&core, auth::RULES),
            mint: Mint::default(),
            made: AtomicUsize::new(0),
            core,
        }
    }

    fn next_number(&self) -> usize {
        RECORDS_FROM + self.made.fetch_add(1, Ordering::SeqCst)
    }

    /// The number of the user whose consent the token stands for.
    fn own_number(&self) -> Option<u64> {
        let directory = self.core.directory();
        directory.connecting().and_then(|user| number(&user.id))
    }

    /// The end of this hour, when the allowance is whole again, in seconds since 1970.
    fn reset(&self) -> i64 {
        self.core.clock.now().as_second() / 3600 * 3600 + 3600
    }

    fn api(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        let Some(scope) = self.oauth.scope_of_bearer(&self.core, request) else {
            return Problem::unauthenticated().answer();
        };
        if !self.core.spend() {
            return self.refuse(Refusal::QuotaExhausted);
        }
        let answer = self.authorised(request, &scope, path);
        let answer = answer.unwrap_or_else(|problem| problem.answer());
        let quota = self.core.quota();
        let left = quota.limit.saturating_sub(quota.used);
        answer
            .with("x-ratelimit-limit", &quota.limit.to_string())
            .with("x-ratelimit-remaining", &left.to_string())
            .with("x-ratelimit-reset", &self.reset().to_string())
    }

    fn authorised(
        &self,
        request: &ApiRequest,
        scope: &str,
        path: &[&str],
    ) -> Result<Answer, Problem> {
        let kind = request.header("content-type").unwrap_or_default();
        if !kind.starts_with(MEDIA_TYPE) {
            return Err(Problem::media_type());
        }
        let Some((plural, rest)) = path.split_first() else {
            return Ok(no_such_path());
        };
        let verb = match request.method {
            Method::GET => "read",
            Method::DELETE => "delete",
            _ => "write",
        };
        let needs = || {
            let wanted = format!("{plural}.{verb}");
            let whole = format!("{plural}.all");
            let mut granted = scope.split_whitespace();
            if granted.any(|own| own == wanted || own == whole) {
                Ok(())
            } else {
                Err(Problem::scope(&wanted))
            }
        };
        match (*plural, kinds::find(plural)) {
            ("users", _) => {
                needs()?;
                people::users(&self.core, request, rest)
            }
            ("prospects", _) => {
                needs()?;
                people::prospects(&self.core, request, rest)
            }
            (_, Some(kind)) => {
                needs()?;
                written::answer(self, request, kind, rest)
            }
            _ => Ok(no_such_path()),
        }
    }
}

impl Provider for Outreach {
    fn place(&self, request: &ApiRequest) -> Place {
        match request.segments().as_slice() {
            ["oauth", "token"] => Place::Token,
            ["api", "v2", "users"] => Place::Users {
                page: list::cursor(request).map_or(1, |(_, number)| number),
            },
            _ if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        match request.segments().as_slice() {
            ["oauth", rest @ ..] => {
                auth::answer(&self.core, &self.oauth, &self.mint, request, rest)
            }
            ["api", "v2", rest @ ..] => self.api(request, rest),
            _ => no_such_path(),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let reset = Timestamp::from_second(self.reset()).unwrap_or(Timestamp::MAX);
        let reset = reset.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        errors::refuse(refusal, &reset, self.core.quota().limit)
    }

    /// Who revokes tokens by the switch does not wait for the minute to pass.
    fn expire_tokens(&self) {
        self.oauth.expire_access();
        self.mint.forget();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.oauth.issue_code(&self.core, scope))
    }

    fn webhook(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        let (name, data) = match what {
            Happening::UserChanged(id) => {
                let directory = self.core.directory();
                ("user.updated", people::user(directory.find(id)?))
            }
            Happening::ContactChanged(id) => {
                let contacts = self.core.contacts();
                ("prospect.updated", people::prospect(contacts.find(id)?))
            }
        };
        let delivered = people::date_time(self.core.clock.now());
        let body = json!({
            "data": data, "meta": { "deliveredAt": delivered, "eventName": name },
        })
        .to_string();
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Some(SentWebhook {
            url: url.to_owned(),
            headers: vec![
                header("content-type", MEDIA_TYPE),
                header("outreach-webhook-id", &guid(&body)),
                header("outreach-webhook-signature", &signature(secret, &body)),
            ],
            body: body.into_bytes(),
        })
    }
}

/// HMAC-SHA256 of the body, in hexadecimal.
fn signature(secret: &str, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new(); // HMAC takes keys of every length.
    };
    mac.update(body.as_bytes());
    let digest = mac.finalize().into_bytes();
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        let digits = [byte >> 4, byte & 0xf].map(|digit| char::from_digit(digit.into(), 16));
        text.extend(digits.into_iter().flatten());
    }
    text
}
