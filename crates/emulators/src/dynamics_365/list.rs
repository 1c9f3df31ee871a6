//! Lists in pages, and what changed since the last one.

use std::cmp::Ordering;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Call;
use super::errors::ApiError;
use super::ids;
use super::options::{Options, Prefer};
use super::rows::{Held, Row, World};
use super::schema::{Column, Entity};
use super::shown::View;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::{Fault, Place};

/// How long changes can be asked for.
const TRACKED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many marks are kept; the oldest makes room.
const MARKS: usize = 100;

/// The most that is ever counted.
const COUNTED: usize = 5000;

/// Where the lists of changes start.
#[derive(Debug, Default)]
pub(crate) struct Marks(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    marks: VecDeque<Mark>,
    made: u64,
}

/// A moment, and what the records that had changed in that very second were like.
#[derive(Clone, Debug)]
struct Mark {
    number: u64,
    at: Timestamp,
    recent: HashMap<String, u64>,
}

impl Marks {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, rows: &[Row], world: &World, now: Timestamp) -> u64 {
        let gone = world.gone().map(Row::User).collect::<Vec<_>>();
        let all = rows.iter().chain(&gone);
        let recent = all.filter(|row| row.modified() >= now);
        let recent = recent.map(|row| (row.id(), likeness(row))).collect();
        let mut kept = self.lock();
        kept.made += 1;
        let number = kept.made;
        if kept.marks.len() == MARKS {
            kept.marks.pop_front();
        }
        kept.marks.push_back(Mark {
            number,
            at: now,
            recent,
        });
        number
    }

    fn find(&self, number: u64) -> Option<Mark> {
        let kept = self.lock();
        let mut marks = kept.marks.iter();
        marks.find(|mark| mark.number == number).cloned()
    }

    /// The token that stands for a mark, in the vendor's form: a number and a time.
    fn token(&self, number: u64) -> String {
        let at = self.find(number).map(|mark| mark.at).unwrap_or_default();
        format!("{number}!{}", at.strftime("%m/%d/%Y %H:%M:%S"))
    }
}

impl Mark {
    fn precedes(&self, row: &Row) -> bool {
        match row.modified().cmp(&self.at) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => self.recent.get(&row.id()) != Some(&likeness(row)),
        }
    }
}

/// FNV-1a of all that is in a row.
fn likeness(row: &Row) -> u64 {
    format!("{row:?}")
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

/// Where a page starts: its number, the record before it, and the mark of a tracked list.
#[derive(Clone, Debug, Default)]
struct Cookie {
    page: u32,
    last: String,
    mark: Option<u64>,
}

impl Cookie {
    fn read(token: &str) -> Option<Self> {
        let part = |name: &str| {
            let (_, rest) = token.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value)
        };
        let inner = part("pagingcookie")?;
        let (last, mark) = inner.split_once(';').unwrap_or((inner, ""));
        Some(Self {
            page: part("pagenumber")?.parse().ok()?,
            last: last.to_owned(),
            mark: mark.parse().ok(),
        })
    }

    fn write(&self) -> String {
        let mark = self.mark.map(|mark| format!(";{mark}")).unwrap_or_default();
        let tracked = if self.mark.is_some() { "True" } else { "False" };
        format!(
            "<cookie pagenumber=\"{}\" pagingcookie=\"{}{mark}\" istracking=\"{tracked}\" />",
            self.page, self.last
        )
    }
}

/// Which page of users a request asks for.
pub(crate) fn place(request: &ApiRequest) -> Place {
    let cookie = request.parameter("$skiptoken").and_then(Cookie::read);
    Place::Users {
        page: cookie.map_or(1, |cookie| cookie.page),
    }
}

/// `GET …/{set}`.
pub(crate) fn list(
    core: &Core,
    marks: &Marks,
    call: Call<'_>,
    entity: &'static Entity,
) -> Result<Answer, ApiError> {
    let request = call.request;
    let options = Options::read(request, entity)?;
    let prefer = Prefer::read(request);
    if prefer.track {
        may_track(entity, &options)?;
    }
    let held = Held::of(core);
    let world = held.world();
    let list = List {
        core,
        marks,
        call,
        entity,
        options: &options,
        prefer: &prefer,
        world: &world,
    };
    let body = match &options.delta_token {
        Some(token) => list.changes(token)?,
        None => list.page()?,
    };
    Ok(super::answer(StatusCode::OK, &body).with("preference-applied", &prefer.applied()))
}

/// `GET …/{set}/$count`.
pub(crate) fn count(
    core: &Core,
    request: &ApiRequest,
    entity: &'static Entity,
) -> Result<Answer, ApiError> {
    let options = Options::read(request, entity)?;
    let held = Held::of(core);
    let rows = held.world().rows(entity);
    let meets = |row: &&Row| {
        options
            .filter
            .as_ref()
            .is_none_or(|filter| filter.meets(row))
    };
    let number = rows.iter().filter(meets).count().min(COUNTED);
    let text = number.to_string().into_bytes();
    Ok(Answer::bytes(StatusCode::OK, "text/plain", text).with("odata-version", "4.0"))
}

/// Changes are tracked of whole tables alone.
fn may_track(entity: &Entity, options: &Options) -> Result<(), ApiError> {
    if !entity.tracked {
        let message = format!("Entity: {} isn't enabled for change tracking.", entity.name);
        return Err(ApiError::value("0x80044350", message));
    }
    let other = options.filter.is_some()
        || !options.order.is_empty()
        || options.top.is_some()
        || !options.expand.is_empty();
    if other {
        let message = "The \"$filter\", \"$orderby\", \"$expand\" and \"$top\" query options are not \
                       supported with change tracking.";
        return Err(ApiError::query(message));
    }
    Ok(())
}

struct List<'a, 'w> {
    core: &'a Core,
    marks: &'a Marks,
    call: Call<'a>,
    entity: &'static Entity,
    options: &'a Options,
    prefer: &'a Prefer,
    world: &'a World<'w>,
}

impl<'w> List<'_, 'w> {
    fn suffers(&self, fault: &Fault) -> bool {
        self.call.request.suffers(fault)
    }

    fn page(&self) -> Result<Value, ApiError> {
        let rows = self.world.rows(self.entity);
        let mut cookie = self.cookie()?;
        if self.prefer.track && cookie.mark.is_none() && cookie.page == 1 {
            let now = self.core.clock.now();
            cookie.mark = Some(self.marks.set(&rows, self.world, now));
        }
        let mut size = match self.options.top {
            Some(top) => top,
            None => self.core.page_size(self.prefer.size()),
        };
        if self.suffers(&Fault::ShortPages) {
            size = (size / 2).max(1);
        }
        let (mut found, total) = self.found(rows, &cookie.last, size);
        let mut more = found.len() > size && self.options.top.is_none();
        found.truncate(size);
        if self.suffers(&Fault::TruncatedList) {
            found.truncate(size / 2);
            more = false;
        }
        let mut body = json!({
            "@odata.context": self.context(""),
            "value": found.iter().map(|row| self.shown(row)).collect::<Vec<_>>(),
        });
        if let Some(total) = total.filter(|_| self.options.count) {
            body["@odata.count"] = json!(total.min(COUNTED));
        }
        if self.suffers(&Fault::RepeatedCursor) {
            body["@odata.nextLink"] = json!(self.link("$skiptoken", &cookie.write()));
        } else if let Some(last) = found.last().filter(|_| more) {
            let next = Cookie {
                page: cookie.page + 1,
                last: last.id(),
                mark: cookie.mark,
            };
            body["@odata.nextLink"] = json!(self.link("$skiptoken", &next.write()));
        } else if let Some(mark) = cookie.mark {
            let token = self.marks.token(mark);
            body["@odata.deltaLink"] = json!(self.link("$deltatoken", &token));
        }
        Ok(body)
    }

    fn cookie(&self) -> Result<Cookie, ApiError> {
        let Some(token) = &self.options.skip_token else {
            return Ok(Cookie {
                page: 1,
                ..Cookie::default()
            });
        };
        let cookie = Cookie::read(token).filter(|_| !self.suffers(&Fault::ExpiredCursor));
        cookie.ok_or_else(|| {
            ApiError::value(
                "0x80041129",
                "The paging cookie of the skip token is not valid.",
            )
        })
    }

    /// The rows after the last one, at least one more than a page; and how many there are in
    /// all, where that had to be found out.
    fn found(
        &self,
        mut rows: Vec<Row<'w>>,
        last: &str,
        size: usize,
    ) -> (Vec<Row<'w>>, Option<usize>) {
        let filter = self.options.filter.as_ref();
        let meets = |row: &Row| filter.is_none_or(|filter| filter.meets(row));
        let thinned = [Fault::EmptyList, Fault::HalfPages];
        let whole = self.options.count
            || !self.options.order.is_empty()
            || thinned.iter().any(|fault| self.suffers(fault));
        if !whole {
            let from = self.after(&rows, last);
            let rest = rows.into_iter().skip(from).filter(meets);
            return (rest.take(size.saturating_add(1)).collect(), None);
        }
        rows.retain(meets);
        if self.suffers(&Fault::EmptyList) {
            rows.clear();
        }
        if self.suffers(&Fault::HalfPages) {
            rows.truncate(rows.len() / 2);
        }
        sort(&mut rows, &self.options.order);
        let total = rows.len();
        let from = if last.is_empty() {
            0
        } else {
            rows.iter()
                .position(|row| row.id() == last)
                .map_or(total, |at| at + 1)
        };
        (rows.split_off(from.min(total)), Some(total))
    }

    /// The place of the first row after the last one, in the order of making. Ids tell it where
    /// there may be many.
    fn after(&self, rows: &[Row], last: &str) -> usize {
        let number = |id: &str| ids::number(self.entity.name, id);
        match number(last) {
            None if last.is_empty() => 0,
            Some(last) if ["systemuser", "contact", "lead"].contains(&self.entity.name) => {
                rows.partition_point(|row| number(&row.id()).is_some_and(|nth| nth <= last))
            }
            _ => rows
                .iter()
                .position(|row| row.id() == last)
                .map_or(rows.len(), |at| at + 1),
        }
    }

    /// What changed since a mark, in one page.
    fn changes(&self, token: &str) -> Result<Value, ApiError> {
        may_track(self.entity, self.options)?;
        let number = token
            .split_once('!')
            .and_then(|(number, _)| number.parse().ok());
        let number: u64 = number
            .ok_or_else(|| ApiError::query(format!("The delta token '{token}' is not valid.")))?;
        let now = self.core.clock.now();
        let mark = self.marks.find(number);
        let mark = mark.filter(|mark| now.duration_since(mark.at) < TRACKED);
        let mark = mark.filter(|_| !self.suffers(&Fault::ExpiredCursor)).ok_or_else(|| {
            let message = "Version stamp associated with the client has expired. Please perform a \
                           full sync.";
            ApiError::value("0x80044352", message)
        })?;
        let rows = self.world.rows(self.entity);
        let changed = rows.iter().filter(|row| mark.precedes(row));
        let mut value: Vec<Value> = changed.map(|row| self.shown(row)).collect();
        if self.entity.name == "systemuser" {
            let gone = self.world.gone().map(Row::User);
            let context = self.context("/$deletedEntity");
            value.extend(gone.filter(|row| mark.precedes(row)).map(
                |row| json!({ "@odata.context": context, "id": row.id(), "reason": "deleted" }),
            ));
        }
        let next = self.marks.set(&rows, self.world, now);
        Ok(json!({
            "@odata.context": self.context("/$delta"),
            "@odata.deltaLink": self.link("$deltatoken", &self.marks.token(next)),
            "value": value,
        }))
    }

    fn shown(&self, row: &Row) -> Value {
        let view = View {
            entity: self.entity,
            select: &self.options.select,
            expand: &self.options.expand,
            prefer: self.prefer,
        };
        let mut shown = view.of(row, self.world);
        if self.suffers(&Fault::IdType) {
            let nth = ids::number(self.entity.name, &row.id()).unwrap_or_default();
            shown.insert(self.entity.key.to_owned(), json!(5_000_000 + nth));
        }
        Value::Object(shown)
    }

    fn context(&self, end: &str) -> String {
        let names: Vec<String> = self
            .options
            .select
            .iter()
            .map(|column| column.wire())
            .collect();
        let names = match names.join(",") {
            none if none.is_empty() => none,
            names => format!("({names})"),
        };
        let end = if end == "/$deletedEntity" {
            format!("{}{end}", self.entity.set)
        } else {
            format!("{}{names}{end}", self.entity.set)
        };
        format!("{}/$metadata#{end}", self.call.root)
    }

    /// The address of this list with another token.
    fn link(&self, name: &str, token: &str) -> String {
        let kept = self.call.request.query.iter();
        let kept = kept.filter(|(name, _)| !["$skiptoken", "$deltatoken"].contains(&name.as_str()));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let written = kept.chain([(name, token)]).map(|(name, value)| {
            let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            format!("{name}={}", value.replace('+', "%20"))
        });
        let query: Vec<String> = written.collect();
        format!("{}/{}?{}", self.call.root, self.entity.set, query.join("&"))
    }
}

fn sort(rows: &mut [Row], order: &[(&'static Column, bool)]) {
    if order.is_empty() {
        return;
    }
    rows.sort_by_cached_key(|row| {
        let keys = order.iter().map(|(column, descending)| SortKey {
            text: sortable(&row.value(column.name)),
            descending: *descending,
        });
        keys.collect::<Vec<_>>()
    });
}

/// Everything sorts as text; empty comes first.
fn sortable(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_lowercase(),
        Value::Number(number) => format!("{:>20}", number.to_string()),
        other => other.to_string(),
    }
}

#[derive(PartialEq, Eq)]
struct SortKey {
    text: String,
    descending: bool,
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let ordering = self.text.cmp(&other.text);
        if self.descending {
            ordering.reverse()
        } else {
            ordering
        }
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
