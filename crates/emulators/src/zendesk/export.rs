//! The incremental export of users, end users and deleted ones included: for administrators, ten
//! requests a minute, and never what changed within the last minute.

use std::sync::PoisonError;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::auth::Caller;
use super::users::Someone;
use super::{Zendesk, errors};
use crate::answer::{Answer, ApiRequest};
use crate::core::Refusal;
use crate::faults::Fault;

/// The largest page.
const LARGEST: usize = 1_000;

/// Requests in a minute.
const PER_MINUTE: usize = 10;

/// Where a page starts: behind what changed at this second and has this id.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Position {
    page: u32,
    second: i64,
    id: String,
}

impl Position {
    fn encode(&self) -> String {
        STANDARD.encode(format!("{}|{}|{}", self.second, self.id, self.page))
    }

    fn decode(text: &str) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
        let mut parts = text.split('|');
        Some(Self {
            second: parts.next()?.parse().ok()?,
            id: parts.next()?.to_owned(),
            page: parts.next()?.parse().ok()?,
        })
    }
}

/// The page that a request asks for, for the switches.
pub(crate) fn page_number(request: &ApiRequest) -> u32 {
    let position = request.parameter("cursor").and_then(Position::decode);
    position.map_or(1, |position| position.page)
}

impl Zendesk {
    /// `GET /incremental/users/cursor?start_time=…` and then `?cursor=…`.
    pub(crate) fn export(&self, request: &ApiRequest, caller: &Caller) -> Result<Answer, Answer> {
        if !caller.is_admin() {
            return Err(errors::forbidden());
        }
        self.spend_export()?;
        let now = self.core.clock.now();
        let from = start(request, now)?;
        let asked = request.parameter("per_page").map(str::parse);
        let asked: usize = asked.and_then(Result::ok).unwrap_or(LARGEST);
        let mut size = self.core.page_size(asked.clamp(1, LARGEST));
        if request.suffers(&Fault::ShortPages) {
            size = (size / 2).max(1);
        }
        let (mut rows, last) = self.changed(&from, now, size);
        if request.suffers(&Fault::EmptyList) {
            rows.clear();
        }
        let mut more = rows.len() > size;
        rows.truncate(size);
        let mut next = last.map_or_else(
            || from.clone(),
            |(second, id)| Position {
                page: from.page + 1,
                second,
                id,
            },
        );
        if request.suffers(&Fault::RepeatedCursor) {
            (more, next) = (true, from.clone());
        }
        if request.suffers(&Fault::TruncatedList) || request.suffers(&Fault::HalfPages) {
            rows.truncate(rows.len() / 2);
            more = false;
        }
        if request.suffers(&Fault::IdType) {
            for row in &mut rows {
                row["id"] = json!(row["id"].to_string());
            }
        }
        let url = |cursor: &str| {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("cursor", cursor)
                .finish();
            format!("{}{}?{query}", self.core.base_url, request.path)
        };
        let (after, before) = (next.encode(), from.encode());
        let is_first = request.parameter("cursor").is_none();
        let body = json!({
            "users": rows,
            "after_cursor": after, "after_url": url(&after),
            "before_cursor": (!is_first).then_some(&before),
            "before_url": (!is_first).then(|| url(&before)),
            "end_of_stream": !more,
        });
        Ok(Answer::json(StatusCode::OK, &body))
    }

    /// What changed behind `from` and more than a minute ago, in order, one row more than a page;
    /// and the position of the page's last row.
    fn changed(
        &self,
        from: &Position,
        now: Timestamp,
        size: usize,
    ) -> (Vec<Value>, Option<(i64, String)>) {
        let until = now
            .checked_sub(SignedDuration::from_mins(1))
            .unwrap_or(now)
            .as_second();
        let key = |someone: &Someone<'_>| {
            let id: u64 = someone.id().parse().unwrap_or(0);
            (someone.modified().as_second(), id)
        };
        let behind: (i64, u64) = (from.second, from.id.parse().unwrap_or(0));
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let mut found: Vec<Someone<'_>> = Someone::all(&directory, &contacts)
            .filter(|someone| {
                let key = key(someone);
                key > behind && key.0 < until
            })
            .collect();
        if found.len() > size + 1 {
            found.select_nth_unstable_by_key(size, key);
            found.truncate(size + 1);
        }
        found.sort_unstable_by_key(key);
        let last = found.iter().take(size).next_back();
        let last = last.map(|someone| (key(someone).0, someone.id().to_owned()));
        let rows = found.into_iter().map(|someone| self.show(someone));
        (rows.collect(), last)
    }

    fn spend_export(&self) -> Result<(), Answer> {
        let now = self.core.clock.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = SignedDuration::from_mins(1);
        state.exports.retain(|at| now.duration_since(*at) < minute);
        if state.exports.len() >= PER_MINUTE {
            let oldest = state.exports.front().copied().unwrap_or(now);
            let wait = 60 - now.duration_since(oldest).as_secs();
            let answer = errors::refuse(Refusal::TooManyRequests);
            return Err(answer.with("retry-after", &wait.max(1).to_string()));
        }
        state.exports.push_back(now);
        Ok(())
    }
}

fn start(request: &ApiRequest, now: Timestamp) -> Result<Position, Answer> {
    if let Some(cursor) = request.parameter("cursor") {
        let known = Position::decode(cursor).filter(|_| !request.suffers(&Fault::ExpiredCursor));
        return known.ok_or_else(|| {
            let text = "The cursor is invalid or has expired";
            errors::of(StatusCode::BAD_REQUEST, "InvalidCursor", text)
        });
    }
    let Some(second) = request.parameter("start_time") else {
        return Err(errors::bad_body("start_time"));
    };
    let second: i64 = second.parse().map_err(|_| {
        let text = "start_time must be a time in seconds since 1970";
        errors::of(StatusCode::BAD_REQUEST, "InvalidValue", text)
    })?;
    if second > now.as_second() - 60 {
        let text = "Too recent start_time. Use a start_time older than 60 seconds";
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(errors::of(status, "StartTimeTooRecent", text));
    }
    Ok(Position {
        page: 1,
        // Rows of that very second belong to it.
        second: second - 1,
        id: u64::MAX.to_string(),
    })
}
