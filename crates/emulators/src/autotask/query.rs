//! `…/query`, its count and its next pages.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::entities::Entity;
use super::errors::{failed, of};
use super::filter::{Query, read};
use super::rows::{found, id, narrowed, resources_up_to};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::{Fault, Place};

/// How many queries with further pages are remembered; the oldest makes room.
const REMEMBERED: usize = 50;

/// Queries that have further pages.
#[derive(Debug, Default)]
pub(crate) struct Pages(Mutex<VecDeque<Remembered>>);

#[derive(Clone, Debug)]
struct Remembered {
    key: String,
    method: Method,
    query: Query,
}

/// Where a page starts.
#[derive(Clone, Debug)]
struct Start {
    key: String,
    page: u32,
    /// Only rows with a greater id.
    after: i64,
    page_size: usize,
}

impl Start {
    /// Reads `paging={"pageSize":…,"previousIds":[…],"nextIds":[…]}`; the key is ours.
    fn read(request: &ApiRequest) -> Option<Self> {
        let paging: Value = serde_json::from_str(request.parameter("paging")?).ok()?;
        Some(Self {
            key: paging["key"].as_str()?.to_owned(),
            page: u32::try_from(paging["page"].as_u64()?).ok()?,
            after: paging["nextIds"].get(0)?.as_i64()?,
            page_size: usize::try_from(paging["pageSize"].as_u64()?).ok()?,
        })
    }

    fn url(&self, core: &Core, entity: &Entity) -> String {
        let paging = json!({
            "pageSize": self.page_size, "previousIds": [], "nextIds": [self.after], "key": self.key, "page": self.page,
        });
        let encoded: String =
            url::form_urlencoded::byte_serialize(paging.to_string().as_bytes()).collect();
        format!(
            "{}/ATServicesRest/V1.0/{}/query/next?paging={encoded}",
            core.base_url, entity.path
        )
    }
}

/// Which page of resources a request asks for, by its link or by the id it starts above.
pub(crate) fn place(core: &Core, request: &ApiRequest, entity: &Entity) -> Place {
    if let Some(start) = Start::read(request) {
        return Place::Users { page: start.page };
    }
    let query = written(request, entity).ok();
    let page = query.and_then(|query| {
        let before = resources_up_to(core, query.above_id()?);
        u32::try_from(before.div_ceil(core.page_size(query.max_records)) + 1).ok()
    });
    Place::Users {
        page: page.unwrap_or(1),
    }
}

impl Pages {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Remembered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, method: &Method, query: &Query) -> String {
        let mut remembered = self.lock();
        let number = remembered
            .back()
            .and_then(|last| last.key.parse::<u64>().ok())
            .unwrap_or(0)
            + 1;
        if remembered.len() == REMEMBERED {
            remembered.pop_front();
        }
        let key = number.to_string();
        remembered.push_back(Remembered {
            key: key.clone(),
            method: method.clone(),
            query: query.clone(),
        });
        key
    }

    /// `POST …/query` and `GET …/query?search=…`.
    pub(crate) fn first(&self, core: &Core, request: &ApiRequest, entity: &Entity) -> Answer {
        let query = match written(request, entity) {
            Ok(query) => query,
            Err(message) => return failed(message),
        };
        let start = Start {
            key: String::new(),
            page: 1,
            after: i64::MIN,
            page_size: query.max_records,
        };
        self.page(core, request, entity, &query, &start)
    }

    /// `…/query/next?paging=…`, with the verb of the first page. A body may come along and is
    /// not needed.
    pub(crate) fn next(&self, core: &Core, request: &ApiRequest, entity: &Entity) -> Answer {
        let Some(start) = Start::read(request).filter(|_| !request.suffers(&Fault::ExpiredCursor))
        else {
            return failed("The paging parameter is not valid.");
        };
        let found = self
            .lock()
            .iter()
            .find(|remembered| remembered.key == start.key)
            .cloned();
        match found {
            None => failed("The paging parameter is not valid."),
            Some(found) if found.method != request.method => of(
                StatusCode::METHOD_NOT_ALLOWED,
                format!(
                    "The next page must be requested by {} as the first was.",
                    found.method
                ),
            ),
            Some(found) => self.page(core, request, entity, &found.query, &start),
        }
    }

    fn page(
        &self,
        core: &Core,
        request: &ApiRequest,
        entity: &Entity,
        query: &Query,
        start: &Start,
    ) -> Answer {
        let page = Page::cut(core, request, entity, query, start.after);
        let next = page.next.map(|after| {
            let key = if start.key.is_empty() {
                self.remember(&request.method, query)
            } else {
                start.key.clone()
            };
            // The next page of a repeated cursor is this page, number and all.
            let number = if after == start.after {
                start.page
            } else {
                start.page + 1
            };
            Start {
                key,
                page: number,
                after,
                page_size: start.page_size,
            }
            .url(core, entity)
        });
        let mut items: Vec<Value> = page
            .rows
            .iter()
            .map(|row| narrowed(row, &query.include))
            .collect();
        if request.suffers(&Fault::IdType) {
            for item in &mut items {
                item["id"] = json!(item["id"].to_string());
            }
        }
        let body = json!({
            "items": items,
            "pageDetails": {
                "count": page.count, "requestCount": query.max_records, "prevPageUrl": null, "nextPageUrl": next,
            },
        });
        Answer::json(StatusCode::OK, &body)
    }
}

/// The rows of one page, how many it says they are, and after which id the next one starts.
struct Page {
    rows: Vec<Value>,
    count: usize,
    next: Option<i64>,
}

impl Page {
    /// Clients page by `nextPageUrl` or by asking for ids above the last one; the faults of a
    /// list mean the same to both.
    fn cut(
        core: &Core,
        request: &ApiRequest,
        entity: &Entity,
        query: &Query,
        linked_after: i64,
    ) -> Self {
        let filter = query.without_keyset();
        let after = query
            .above_id()
            .map_or(linked_after, |id| id.max(linked_after));
        let mut size = core.page_size(query.max_records);
        if request.suffers(&Fault::ShortPages) {
            size = (size / 2).max(1);
        }
        let repeated = request.suffers(&Fault::RepeatedCursor);
        let halved = request.suffers(&Fault::HalfPages);
        let mut rows = if repeated || halved {
            let mut all = found(core, entity, i64::MIN, &filter, usize::MAX);
            if halved {
                all.truncate(all.len() / 2);
            }
            let from = all.partition_point(|row| id(row) <= after);
            all.split_off(if repeated {
                from.saturating_sub(size)
            } else {
                from
            })
        } else {
            found(core, entity, after, &filter, size + 1)
        };
        if request.suffers(&Fault::EmptyList) {
            rows.clear();
        }
        let more = rows.len() > size;
        rows.truncate(size);
        let count = rows.len();
        let mut next = rows.last().map(id).filter(|_| more);
        if repeated {
            next = Some(linked_after);
        }
        if request.suffers(&Fault::TruncatedList) {
            // The last row stays, or a client that pages by id would ask for the lost ones again.
            rows.drain(..count / 2);
            next = None;
        }
        Self { rows, count, next }
    }
}

/// `…/query/count`. It agrees with a list that is empty or halved, not with one cut short.
pub(crate) fn count(core: &Core, request: &ApiRequest, entity: &Entity) -> Answer {
    let query = match written(request, entity) {
        Ok(query) => query,
        Err(message) => return failed(message),
    };
    let after = query.above_id().unwrap_or(i64::MIN);
    let filter = query.without_keyset();
    let mut found = if entity.path == "Resources" && filter.is_empty() {
        resources_up_to(core, i64::MAX) - resources_up_to(core, after)
    } else {
        found(core, entity, after, &filter, usize::MAX).len()
    };
    if entity.path == "Resources" && core.faults.would_act(&Fault::EmptyList) {
        found = 0;
    }
    if entity.path == "Resources" && core.faults.would_act(&Fault::HalfPages) {
        found /= 2;
    }
    Answer::json(StatusCode::OK, &json!({ "queryCount": found }))
}

/// `GET …/{id}`.
pub(crate) fn one(core: &Core, entity: &Entity, wanted: &str) -> Answer {
    let item = wanted
        .parse()
        .ok()
        .and_then(|wanted| super::rows::one(core, entity, wanted));
    Answer::json(StatusCode::OK, &json!({ "item": item }))
}

/// The query of the body, or of the `search` parameter.
fn written(request: &ApiRequest, entity: &Entity) -> Result<Query, String> {
    let body = if request.method == Method::GET {
        request.parameter("search").unwrap_or_default().as_bytes()
    } else {
        &request.body[..]
    };
    read(body, entity)
}

/// `GET …/{parent id}/{children}`: all of them in one answer.
pub(crate) fn children(core: &Core, entity: &Entity, field: &str, parent: i64) -> Answer {
    let mut rows = found(core, entity, i64::MIN, &[], usize::MAX);
    rows.retain(|row| row[field].as_i64() == Some(parent));
    let count = rows.len();
    let body = json!({
        "items": rows,
        "pageDetails": { "count": count, "requestCount": 500, "prevPageUrl": null, "nextPageUrl": null },
    });
    Answer::json(StatusCode::OK, &body)
}
