//! `/query`: results in pages, behind locators that live two days and of which the ten newest
//! are kept.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::errors::ApiError;
use super::soql::{Bin, Plan, parse, plan};
use super::world::{Held, World};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::{Fault, Place};

/// Rows of a page, unless the client asks for 200 or more.
const PAGE: usize = 2000;

/// How long a locator lives.
const LIFETIME: SignedDuration = SignedDuration::from_hours(48);

/// How many locators a user may have open; the oldest makes room.
const OPEN: usize = 10;

/// The open results.
#[derive(Debug, Default)]
pub(crate) struct Cursors(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    results: VecDeque<OpenResult>,
    opened: usize,
}

#[derive(Clone, Debug)]
struct OpenResult {
    locator: String,
    plan: Plan,
    size: usize,
    opened: Timestamp,
}

/// Whether a query asks for users, as opposed to, say, their roles.
pub(crate) fn is_about_users(query: &str) -> bool {
    let mut words = query.split_whitespace();
    words.by_ref().any(|word| word.eq_ignore_ascii_case("from"));
    words
        .next()
        .is_some_and(|object| object.eq_ignore_ascii_case("user"))
}

/// The fields that a switch hides from the connecting user.
pub(crate) fn hidden(request: &ApiRequest) -> Vec<&str> {
    let hidden = request.faults.iter().filter_map(|fault| match fault {
        Fault::HiddenField { field } => Some(field.as_str()),
        _ => None,
    });
    hidden.collect()
}

impl Cursors {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which page of what a locator leads to.
    pub(crate) fn place(&self, locator: &str) -> Place {
        let Some((result, offset)) = self.find(locator) else {
            return Place::Other;
        };
        if result.plan.object.name != "User" {
            return Place::Other;
        }
        Place::Users {
            page: u32::try_from(offset / result.size + 1).unwrap_or(u32::MAX),
        }
    }

    fn find(&self, locator: &str) -> Option<(OpenResult, usize)> {
        let (name, offset) = locator.rsplit_once('-')?;
        let offset = offset.parse().ok()?;
        let open = self.lock();
        open.results
            .iter()
            .find(|result| result.locator == name)
            .map(|result| (result.clone(), offset))
    }

    fn open(&self, plan: Plan, size: usize, now: Timestamp) -> OpenResult {
        let mut open = self.lock();
        open.opened += 1;
        let locator = super::ids::make("01g", open.opened);
        let result = OpenResult {
            locator,
            plan,
            size,
            opened: now,
        };
        if open.results.len() == OPEN {
            open.results.pop_front();
        }
        open.results.push_back(result.clone());
        result
    }

    /// `GET /query?q=…`.
    pub(crate) fn query(
        &self,
        core: &Core,
        request: &ApiRequest,
        base: &str,
    ) -> Result<Answer, ApiError> {
        let text = request.parameter("q").unwrap_or_default();
        let query = parse(text)?;
        let held = Held::of(core);
        let world = held.world();
        let bin = Bin {
            included: resource(request) == "queryAll",
        };
        let mut plan = plan(text, &query, &world, &hidden(request), &bin)?;
        if plan.object.name == "User" {
            if request.suffers(&Fault::EmptyList) {
                plan = plan.keeping(0);
            }
            if request.suffers(&Fault::HalfPages) {
                let half = plan.ids.len() / 2;
                plan = plan.keeping(half);
            }
        }
        if plan.count_only {
            let body = json!({ "totalSize": plan.ids.len(), "done": true, "records": [] });
            return Ok(Answer::json(StatusCode::OK, &body));
        }
        let size = core.page_size(asked_size(request));
        let result = OpenResult {
            locator: String::new(),
            plan,
            size,
            opened: core.clock.now(),
        };
        let more = result.plan.ids.len() > size
            || request.suffers(&Fault::RepeatedCursor)
            || request.suffers(&Fault::ShortPages);
        let result = if more {
            self.open(result.plan, size, core.clock.now())
        } else {
            result
        };
        Ok(page(request, &result, 0, &world, base))
    }

    /// `GET /query/{locator}`.
    pub(crate) fn next(
        &self,
        core: &Core,
        request: &ApiRequest,
        locator: &str,
        base: &str,
    ) -> Result<Answer, ApiError> {
        let now = core.clock.now();
        let found = self
            .find(locator)
            .filter(|(result, _)| now.duration_since(result.opened) < LIFETIME)
            .filter(|(result, offset)| *offset <= result.plan.ids.len())
            .filter(|_| !request.suffers(&Fault::ExpiredCursor));
        match found {
            Some((result, offset)) => {
                let held = Held::of(core);
                Ok(page(request, &result, offset, &held.world(), base))
            }
            None => Err(ApiError::bad(
                "INVALID_QUERY_LOCATOR",
                "invalid query locator",
            )),
        }
    }
}

/// `query` or `queryAll`.
fn resource(request: &ApiRequest) -> &str {
    request.segments().last().copied().unwrap_or_default()
}

/// The page size asked for by `Sforce-Query-Options: batchSize=…`, within the vendor's bounds.
fn asked_size(request: &ApiRequest) -> usize {
    request
        .header("sforce-query-options")
        .and_then(|options| {
            options
                .split(',')
                .find_map(|option| option.trim().strip_prefix("batchSize="))
        })
        .and_then(|size| size.trim().parse::<usize>().ok())
        .map_or(PAGE, |size| size.clamp(200, PAGE))
}

fn page(
    request: &ApiRequest,
    result: &OpenResult,
    offset: usize,
    world: &World,
    base: &str,
) -> Answer {
    let total = result.plan.ids.len();
    let mut size = result.size;
    if request.suffers(&Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    let mut records = result.plan.show(offset, size, world, base);
    let mut next = offset + size;
    let mut done = next >= total;
    if request.suffers(&Fault::RepeatedCursor) {
        (next, done) = (offset, false);
    }
    if request.suffers(&Fault::TruncatedList) {
        records.truncate(records.len() / 2);
        done = true;
    }
    if request.suffers(&Fault::IdType) {
        number_ids(&mut records, offset);
    }
    let mut body = json!({ "totalSize": total, "done": done, "records": records });
    if !done {
        // A page cut short on the first request may need a locator that was not opened for it.
        let locator = if result.locator.is_empty() {
            None
        } else {
            Some(&result.locator)
        };
        body["nextRecordsUrl"] = match locator {
            Some(locator) => json!(format!("{base}/query/{locator}-{next}")),
            None => Value::Null,
        };
    }
    Answer::json(StatusCode::OK, &body)
}

/// Ids that became numbers, as a careless gateway makes of them.
fn number_ids(records: &mut [Value], offset: usize) {
    for (nth, record) in records.iter_mut().enumerate() {
        if let Some(id) = record.get_mut("Id") {
            *id = json!(5_000_000 + offset + nth);
        }
    }
}
