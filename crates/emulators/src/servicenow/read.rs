//! Reading rows: lists with their paging, one row, and how values are shown.

use std::borrow::Cow;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::query::{Asker, Query};
use super::rows::{Row, View};
use super::tables::{Access, Kind, Table, label};
use super::{ServiceNow, errors};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::{Fault, Place};
use crate::span::{Span, Start};

/// Rows of a page, unless told otherwise.
const LIMIT: usize = 10_000;

/// How values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Stored,
    Called,
    Both,
}

/// What a request says of how rows are shown.
pub(crate) struct Style<'a> {
    show: Show,
    links: bool,
    /// Columns asked for; empty: all.
    fields: Vec<&'a str>,
    base_url: &'a str,
}

impl<'a> Style<'a> {
    pub(crate) fn read(core: &'a Core, request: &'a ApiRequest) -> Self {
        let fields = request.parameter("sysparm_fields").unwrap_or_default();
        Self {
            show: match request.parameter("sysparm_display_value") {
                Some("true") => Show::Called,
                Some("all") => Show::Both,
                _ => Show::Stored,
            },
            links: request.parameter("sysparm_exclude_reference_link") != Some("true"),
            fields: fields
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .collect(),
            base_url: &core.base_url,
        }
    }

    /// A row as JSON. Columns that are not there are left out.
    pub(crate) fn row<'v>(&self, view: View<'v>, table: &Table, row: &Row<'v>) -> Value {
        let mut shown = Map::new();
        if self.fields.is_empty() {
            for column in table.all_columns() {
                let value = self.value(view, table, row, column.name);
                shown.insert(column.name.to_owned(), value);
            }
        }
        for path in &self.fields {
            if table.leads_to(path) {
                let value = self.value(view, table, row, path);
                shown.insert((*path).to_owned(), value);
            }
        }
        Value::Object(shown)
    }

    /// The value at a path: all but its last column are followed.
    fn value<'v>(&self, view: View<'v>, table: &Table, row: &Row<'v>, path: &str) -> Value {
        if let Some((first, rest)) = path.split_once('.') {
            return match view.target(table, row, first) {
                Some((table, row)) => self.value(view, table, &row, rest),
                None => self.empty(),
            };
        }
        let stored = view.value(table, row, path);
        match table.column(path).map(|column| column.kind) {
            Some(Kind::Reference(target)) if !stored.is_empty() => {
                self.reference(view, table, row, (path, target, &stored))
            }
            Some(Kind::Journal) => self.empty(),
            _ => {
                let called = label(table, path, &stored).unwrap_or(&stored);
                match self.show {
                    Show::Stored => json!(stored),
                    Show::Called => json!(called),
                    Show::Both => json!({ "display_value": called, "value": stored }),
                }
            }
        }
    }

    fn reference<'v>(
        &self,
        view: View<'v>,
        table: &Table,
        row: &Row<'v>,
        (column, target, stored): (&str, &str, &str),
    ) -> Value {
        let link = format!("{}/api/now/table/{target}/{stored}", self.base_url);
        let called = || {
            let found = view.target(table, row, column);
            found.map_or(Cow::Borrowed(""), |(table, row)| row.display(table))
        };
        let mut shown = match self.show {
            Show::Stored if !self.links => return json!(stored),
            Show::Called if !self.links => return json!(called()),
            Show::Stored => json!({ "value": stored }),
            Show::Called => json!({ "display_value": called() }),
            Show::Both => json!({ "display_value": called(), "value": stored }),
        };
        if self.links {
            shown["link"] = json!(link);
        }
        shown
    }

    fn empty(&self) -> Value {
        match self.show {
            Show::Both => json!({ "display_value": "", "value": "" }),
            _ => json!(""),
        }
    }
}

/// A whole number of a parameter; what is none is as if it were not there.
fn number(request: &ApiRequest, name: &str, otherwise: usize) -> usize {
    let given = request.parameter(name).map(str::parse);
    given.and_then(Result::ok).unwrap_or(otherwise)
}

impl ServiceNow {
    fn asker(&self) -> Asker {
        let directory = self.core.directory();
        let user = directory.connecting();
        Asker {
            id: user.map(|user| user.id.clone()).unwrap_or_default(),
            user_name: user.map(|user| user.username.clone()).unwrap_or_default(),
        }
    }

    fn query(&self, request: &ApiRequest, table: &Table) -> Query {
        let text = request.parameter("sysparm_query").unwrap_or_default();
        let mut query = Query::read(text, table, &self.asker());
        // A column may stand as a parameter of its own.
        for (name, value) in &request.query {
            if table.column(name).is_some() {
                let more = Query::read(&format!("{name}={value}"), table, &self.asker());
                query.narrow(more);
            }
        }
        query
    }

    fn size(&self, request: &ApiRequest) -> usize {
        self.core.page_size(number(request, "sysparm_limit", LIMIT))
    }

    /// What a list of this table is, for the switches.
    pub(crate) fn list_place(&self, request: &ApiRequest, table: &str) -> Place {
        let lists_users = ["sys_user", "sys_user_has_role"].contains(&table);
        let Some(table) =
            Table::find(table).filter(|_| lists_users && request.method == Method::GET)
        else {
            return Place::Other;
        };
        let query = self.query(request, table);
        if query.looks_for_somebody() || request.parameter("sysparm_limit") == Some("1") {
            return Place::Other;
        }
        let size = self.size(request);
        let before = match query.above_id() {
            None => number(request, "sysparm_offset", 0),
            Some(last) => {
                let (directory, contacts, records) = (
                    self.core.directory(),
                    self.core.contacts(),
                    self.core.records(),
                );
                let view = View {
                    directory: &directory,
                    contacts: &contacts,
                    records: &records,
                };
                let seen =
                    |row: &Row<'_>| *row.plain("sys_id") <= *last && query.fits(view, table, row);
                view.rows(table).filter(seen).count()
            }
        };
        let page = before.div_ceil(size) + 1;
        Place::Users {
            page: u32::try_from(page).unwrap_or(u32::MAX),
        }
    }

    /// `GET /table/{table}`.
    pub(crate) fn list(&self, request: &ApiRequest, table: &'static Table) -> Answer {
        match table.access {
            Access::Refused => return errors::forbidden(),
            Access::Hidden => return Answer::json(StatusCode::OK, &json!({ "result": [] })),
            Access::Read | Access::Write => {}
        }
        let query = self.query(request, table);
        let (directory, contacts, records) = (
            self.core.directory(),
            self.core.contacts(),
            self.core.records(),
        );
        let view = View {
            directory: &directory,
            contacts: &contacts,
            records: &records,
        };
        let keeps_seen = !request.faults.is_empty();
        let (found, seen) = ordered(view, table, &query, keeps_seen);
        let window = Window::cut(request, found.len(), seen, self.size(request));
        let style = Style::read(&self.core, request);
        let mut rows: Vec<Value> = found[window.rows.clone()]
            .iter()
            .map(|row| style.row(view, table, row))
            .collect();
        if request.suffers(&Fault::IdType) {
            rows.iter_mut().for_each(number_ids);
        }
        window.answer(&self.core, request, &rows)
    }

    /// `GET /table/{table}/{id}`.
    pub(crate) fn one(&self, request: &ApiRequest, table: &'static Table, id: &str) -> Answer {
        match table.access {
            Access::Refused => return errors::forbidden(),
            Access::Hidden => return errors::not_found(),
            Access::Read | Access::Write => {}
        }
        let (directory, contacts, records) = (
            self.core.directory(),
            self.core.contacts(),
            self.core.records(),
        );
        let view = View {
            directory: &directory,
            contacts: &contacts,
            records: &records,
        };
        match view.find(table, id) {
            Some(row) => {
                let row = Style::read(&self.core, request).row(view, table, &row);
                Answer::json(StatusCode::OK, &json!({ "result": row }))
            }
            None => errors::not_found(),
        }
    }
}

/// The rows that fit, in their order, and how many of them lie before the id to go on behind.
/// Those are kept for the faults alone, which are about the whole list.
fn ordered<'a>(
    view: View<'a>,
    table: &Table,
    query: &Query,
    keeps_seen: bool,
) -> (Vec<Row<'a>>, usize) {
    let last = query.above_id();
    let keeps_seen = keeps_seen && query.goes_by_id();
    let behind = |row: &Row<'a>| last.is_none_or(|last| *row.plain("sys_id") > *last);
    let fitting = view
        .rows(table)
        .filter(|row| (keeps_seen || behind(row)) && query.fits(view, table, row));
    if !query.goes_by_id() {
        // The rows behind the last one stand anywhere.
        let mut found: Vec<Row<'a>> = fitting.collect();
        sort(view, table, query, &mut found);
        return (found, 0);
    }
    let mut keyed: Vec<(Cow<'a, str>, Row<'a>)> =
        fitting.map(|row| (row.plain("sys_id"), row)).collect();
    keyed.sort_by(|one, other| one.0.cmp(&other.0));
    let seen = last.map_or(0, |last| keyed.partition_point(|(id, _)| **id <= *last));
    (keyed.into_iter().map(|(_, row)| row).collect(), seen)
}

fn sort<'a>(view: View<'a>, table: &Table, query: &Query, found: &mut [Row<'a>]) {
    // The least column first: sorting is stable.
    for (column, down) in query.order.iter().rev() {
        let key = |row: &Row<'a>| view.value(table, row, column).into_owned();
        if *down {
            found.sort_by_cached_key(|row| std::cmp::Reverse(key(row)));
        } else {
            found.sort_by_cached_key(key);
        }
    }
}

/// The part of a list that is shown. Rows are counted before those are taken away that the user
/// may not see, and so are the limit, the offset and the total.
struct Window {
    rows: std::ops::Range<usize>,
    offset: usize,
    size: usize,
    total: usize,
    next: Option<usize>,
}

impl Window {
    /// `seen` rows lie before the last id that was asked for.
    fn cut(request: &ApiRequest, found: usize, seen: usize, size: usize) -> Self {
        let offset = number(request, "sysparm_offset", 0);
        if request.suffers(&Fault::ShortPages) {
            return Self::half_hidden(found, seen, offset, size);
        }
        let span = Span::of(request, found, Start::Row(seen + offset), size);
        Self {
            rows: span.rows,
            offset,
            size,
            total: span.total.saturating_sub(seen),
            next: span.next.map(|next| next.saturating_sub(seen)),
        }
    }

    /// Behind every row is one that the user may not see: it counts and does not come.
    fn half_hidden(found: usize, seen: usize, offset: usize, size: usize) -> Self {
        let total = (found - seen) * 2;
        let end = offset.saturating_add(size).min(total);
        let from = seen + offset.min(total).div_ceil(2);
        Self {
            rows: from..(seen + end.div_ceil(2)).max(from),
            offset,
            size,
            total,
            next: (end < total).then_some(end),
        }
    }

    fn answer(self, core: &Core, request: &ApiRequest, rows: &[Value]) -> Answer {
        let asked_for = |name: &str| request.parameter(name) == Some("true");
        let mut answer = Answer::json(StatusCode::OK, &json!({ "result": rows }));
        if !asked_for("sysparm_no_count") {
            answer = answer.with("x-total-count", &self.total.to_string());
        }
        if asked_for("sysparm_suppress_pagination_header") {
            return answer;
        }
        let last = self.total.saturating_sub(1) / self.size * self.size;
        let before = (self.offset > 0).then(|| self.offset.saturating_sub(self.size));
        let relations = [
            ("first", Some(0)),
            ("prev", before),
            ("next", self.next),
            ("last", Some(last)),
        ];
        let links: Vec<String> = relations
            .iter()
            .filter_map(|(name, offset)| {
                Some(format!(
                    "<{}>;rel=\"{name}\"",
                    link(core, request, (*offset)?)
                ))
            })
            .collect();
        answer.with("link", &links.join(","))
    }
}

/// The address of this request with another offset.
fn link(core: &Core, request: &ApiRequest, offset: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let kept = request
        .query
        .iter()
        .filter(|(name, _)| name != "sysparm_offset");
    query.extend_pairs(kept);
    query.append_pair("sysparm_offset", &offset.to_string());
    format!("{}{}?{}", core.base_url, request.path, query.finish())
}

/// Turns ids into numbers, as a fault.
fn number_ids(row: &mut Value) {
    let number = |text: &str| i64::from_str_radix(text.get(..12)?, 16).ok();
    for name in ["sys_id", "user.sys_id", "user"] {
        if let Some(number) = row[name].as_str().and_then(number) {
            row[name] = json!(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_count_and_every_other_row_comes_once() {
        let mut shown = Vec::new();
        let mut next = Some(0);
        while let Some(offset) = next {
            let window = Window::half_hidden(25, 0, offset, 7);
            assert!(window.rows.len() <= 4);
            shown.extend(window.rows);
            next = window.next;
        }
        assert_eq!(shown, (0..25).collect::<Vec<_>>());
    }
}
