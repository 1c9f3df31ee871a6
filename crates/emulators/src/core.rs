//! What every emulator has: a directory, a clock, an allowance, switches and a log; and what a
//! provider must be able to say.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, ApiRequest};
use crate::clock::Clock;
use crate::contacts::Contacts;
use crate::control::{GrantCode, Happening, SentWebhook};
use crate::directory::Directory;
use crate::emulator::{Emulator, EmulatorInfo};
use crate::faults::{FaultBoard, Place};
use crate::records::Records;

/// How many requests the log keeps; older ones are forgotten.
const LOG_LENGTH: usize = 10_000;

/// The allowance of API requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Requests allowed in the vendor's period: a day, or an hour with Autotask.
    pub limit: u64,
    /// Requests made in it.
    pub used: u64,
}

/// One request the emulator answered. Neither query nor headers are kept: both may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// The page, when it asked for a page of users; the first is 1.
    pub page: Option<u32>,
    /// The emulator's time.
    pub at: Timestamp,
}

/// The state all parts of one emulator share.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) emulator: &'static Emulator,
    pub(crate) base_url: String,
    pub(crate) seed: u64,
    pub(crate) clock: Clock,
    pub(crate) faults: FaultBoard,
    /// The largest page served, when smaller than the vendor's.
    pub(crate) page_size: Option<usize>,
    directory: Mutex<Directory>,
    contacts: Mutex<Contacts>,
    records: Mutex<Records>,
    quota: Mutex<Quota>,
    log: Mutex<VecDeque<LoggedRequest>>,
}

impl Core {
    pub(crate) fn new(
        emulator: &'static Emulator,
        base_url: String,
        seed: u64,
        page_size: Option<usize>,
        directory: Directory,
        contacts: Contacts,
        quota: Quota,
    ) -> Self {
        Self {
            emulator,
            base_url,
            seed,
            clock: Clock::default(),
            faults: FaultBoard::default(),
            page_size,
            directory: Mutex::new(directory),
            contacts: Mutex::new(contacts),
            records: Mutex::new(Records::default()),
            quota: Mutex::new(quota),
            log: Mutex::new(VecDeque::new()),
        }
    }

    /// The directory. A panic while it was held left it whole: no method stops half-way.
    pub(crate) fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The customers, under the same assurance.
    pub(crate) fn contacts(&self) -> MutexGuard<'_, Contacts> {
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What clients wrote, under the same assurance.
    pub(crate) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the emulator is found and connected to.
    pub(crate) fn info(&self) -> &'static EmulatorInfo {
        &self.emulator.info
    }

    pub(crate) fn quota(&self) -> Quota {
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_quota(&self, quota: Quota) {
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner) = quota;
    }

    /// Counts one request; false when the allowance was spent before it.
    pub(crate) fn spend(&self) -> bool {
        let mut quota = self.quota.lock().unwrap_or_else(PoisonError::into_inner);
        if quota.used >= quota.limit {
            return false;
        }
        quota.used += 1;
        true
    }

    pub(crate) fn log(&self, request: LoggedRequest) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == LOG_LENGTH {
            log.pop_front();
        }
        log.push_back(request);
    }

    pub(crate) fn logged(&self) -> Vec<LoggedRequest> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    pub(crate) fn forget_log(&self) {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The page size to serve: what was asked for, within the vendor's and the emulator's bounds.
    pub(crate) fn page_size(&self, asked: usize) -> usize {
        asked.min(self.page_size.unwrap_or(usize::MAX)).max(1)
    }
}

/// A refusal every vendor has words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    WrongCredentials,
    MissingPermission,
    TooManyRequests,
    QuotaExhausted,
    ServerError,
    Unavailable,
}

/// What makes an emulator that vendor's.
pub(crate) trait Provider: Send + Sync {
    /// What the request is for.
    fn place(&self, request: &ApiRequest) -> Place;

    /// The vendor's answer.
    fn answer(&self, request: &ApiRequest) -> Answer;

    /// The vendor's words for a refusal.
    fn refuse(&self, refusal: Refusal) -> Answer;

    /// Whether a request may carry lasting credentials instead of a token that can end, besides
    /// the sessions it has. Wrong credentials are then refused at every request.
    fn takes_keys(&self) -> bool {
        false
    }

    /// Whether a token that could end was ever handed out. Asked only where keys are taken too.
    fn has_issued_tokens(&self) -> bool {
        true
    }

    /// The same where the words depend on the request: its dialect, the id to answer with.
    fn refuse_to(&self, _request: &ApiRequest, refusal: Refusal) -> Answer {
        self.refuse(refusal)
    }

    /// Revokes every live access token. Called only where the emulator has sessions.
    fn expire_tokens(&self) {}

    /// A fresh code for the connection form; `None` where the vendor has no such codes.
    fn issue_grant_code(&self, _scope: Option<&str>) -> Option<GrantCode> {
        None
    }

    /// The webhook by which the vendor tells somebody at `url` what happened, signed with
    /// `secret` where the vendor signs; `None` where it tells nobody.
    fn webhook(&self, _what: &Happening, _url: &str, _secret: &str) -> Option<SentWebhook> {
        None
    }
}
