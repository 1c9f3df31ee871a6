//! Writing records: calls as interactions, incidents, cases and tasks. A reference is taken as
//! it comes; whether it leads anywhere is nobody's concern until somebody follows it.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::read::Style;
use super::rows::{Row, View, date_time};
use super::tables::{Access, Kind, Table};
use super::{ServiceNow, auth::USERNAME, errors, ids};
use crate::answer::{Answer, ApiRequest};
use crate::records::Record;

/// What a client may not set.
const FIXED: &[&str] = &[
    "sys_id",
    "number",
    "sys_class_name",
    "sys_created_on",
    "sys_created_by",
    "sys_updated_on",
    "sys_updated_by",
    "sys_mod_count",
];

/// The values of a body, as the texts that they are stored as.
pub(crate) type Values = Vec<(&'static str, Kind, String)>;

impl ServiceNow {
    /// `POST`, `PUT`, `PATCH` and `DELETE` below `/table/{table}`.
    pub(crate) fn write(
        &self,
        request: &ApiRequest,
        table: &'static Table,
        id: Option<&str>,
    ) -> Answer {
        let verb = match request.method {
            Method::POST => "Insert",
            Method::DELETE => "Delete",
            _ => "Update",
        };
        if table.access != Access::Write {
            return errors::write_refused(verb);
        }
        let answered = match (&request.method, id) {
            (&Method::POST, None) => self.insert(request, table),
            (&Method::PUT | &Method::PATCH, Some(id)) => self.update(request, table, id),
            (&Method::DELETE, Some(id)) => Ok(self.delete(table, id)),
            _ => Err(errors::method_not_allowed()),
        };
        answered.unwrap_or_else(|refusal| refusal)
    }

    fn insert(&self, request: &ApiRequest, table: &'static Table) -> Result<Answer, Answer> {
        let values = self.values(request, table)?;
        let id = self.add(table, &values);
        let location = format!("{}/api/now/table/{}/{id}", self.core.base_url, table.name);
        let shown = self.shown(request, table, &id);
        Ok(
            Answer::json(StatusCode::CREATED, &json!({ "result": shown }))
                .with("location", &location),
        )
    }

    fn update(
        &self,
        request: &ApiRequest,
        table: &'static Table,
        id: &str,
    ) -> Result<Answer, Answer> {
        let values = self.values(request, table)?;
        if !self.change(table, id, &values) {
            return Err(errors::not_found());
        }
        let shown = self.shown(request, table, id);
        Ok(Answer::json(StatusCode::OK, &json!({ "result": shown })))
    }

    fn delete(&self, table: &Table, id: &str) -> Answer {
        let kind = self.kind_of(table, id);
        match kind.filter(|kind| self.core.records().remove(kind, id)) {
            Some(_) => Answer::empty(StatusCode::NO_CONTENT),
            None => errors::not_found(),
        }
    }

    /// Reads a body. What is no column is left out without a word.
    fn values(&self, request: &ApiRequest, table: &Table) -> Result<Values, Answer> {
        let kind = request.header("content-type").unwrap_or_default();
        if !kind.to_lowercase().starts_with("application/json") {
            return Err(errors::not_json_type());
        }
        let body: Map<String, Value> = if request.body.is_empty() {
            Map::new()
        } else {
            serde_json::from_slice(&request.body).map_err(|_| errors::bad_body())?
        };
        let by_name = request.parameter("sysparm_input_display_value") == Some("true");
        Ok(self.known(table, &body, by_name))
    }

    /// The columns among the fields of a body, with their texts.
    pub(crate) fn known(&self, table: &Table, body: &Map<String, Value>, by_name: bool) -> Values {
        let mut values = Vec::new();
        for (name, value) in body {
            let Some(column) = table
                .column(name)
                .filter(|column| !FIXED.contains(&column.name))
            else {
                continue;
            };
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                Value::Object(object) => object
                    .get("value")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                other => other.to_string(),
            };
            let text = match column.kind {
                Kind::Reference(target) if by_name && !ids::is_id(&text) => {
                    self.called(target, &text)
                }
                _ => text,
            };
            values.push((column.name, column.kind, text));
        }
        values
    }

    /// The id of the row that is called so; empty when there is none.
    fn called(&self, table: &str, name: &str) -> String {
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
        let found = Table::find(table).and_then(|table| {
            let row = view.rows(table).find(|row| row.display(table) == name)?;
            Some(view.value(table, &row, "sys_id").into_owned())
        });
        found.unwrap_or_default()
    }

    /// Adds a record of these values; its id.
    pub(crate) fn add(&self, table: &'static Table, values: &Values) -> String {
        let now = self.core.clock.now();
        let (nth, id) = self.free_id(table.name);
        let mut fields = defaults(table, nth, now);
        fields.insert("sys_id".to_owned(), json!(id));
        let opened_by = self
            .core
            .directory()
            .connecting()
            .map(|user| user.id.clone());
        fields.insert("opened_by".to_owned(), json!(opened_by));
        set(&mut fields, values);
        if table.is_a("task") {
            fields.insert("priority".to_owned(), json!(priority(&fields)));
        }
        let owner = self.owner(&fields);
        self.core.records().add(Record {
            kind: table.name.to_owned(),
            id: id.clone(),
            owner,
            fields: Value::Object(fields),
            created: now,
            modified: now,
        });
        self.write_journal(table.name, &id, values);
        id
    }

    /// The next place and id of a kind; places of deleted records are not taken twice while
    /// later ones are there.
    fn free_id(&self, kind: &str) -> (usize, String) {
        let records = self.core.records();
        let mut nth = records.count(kind);
        loop {
            let id = ids::written(self.core.seed, kind, nth);
            if records.find(kind, &id).is_none() {
                return (nth, id);
            }
            nth += 1;
        }
    }

    /// Changes a record; whether it is there.
    pub(crate) fn change(&self, table: &Table, id: &str, values: &Values) -> bool {
        let Some(kind) = self.kind_of(table, id) else {
            return false;
        };
        let now = self.core.clock.now();
        let mut records = self.core.records();
        let Some(record) = records.find_mut(kind, id) else {
            return false;
        };
        if let Value::Object(fields) = &mut record.fields {
            set(fields, values);
            if table.is_a("task") {
                fields.insert("priority".to_owned(), json!(priority(fields)));
                if ["6", "7"].contains(&fields["state"].as_str().unwrap_or_default()) {
                    fields.insert("active".to_owned(), json!("false"));
                }
            }
            let count = fields["sys_mod_count"]
                .as_str()
                .and_then(|count| count.parse::<u32>().ok());
            let count = count.unwrap_or(0) + 1;
            fields.insert("sys_mod_count".to_owned(), json!(count.to_string()));
            fields.insert("sys_updated_on".to_owned(), json!(date_time(now)));
        }
        record.modified = now;
        let fields = record.fields.clone();
        drop(records);
        let owner = fields.as_object().and_then(|fields| self.owner(fields));
        if let Some(record) = self.core.records().find_mut(kind, id) {
            record.owner = owner;
        }
        self.write_journal(kind, id, values);
        true
    }

    /// The table a record was made in, which may extend the one that was named.
    fn kind_of(&self, table: &Table, id: &str) -> Option<&'static str> {
        let records = self.core.records();
        let record = records.all().iter().find(|record| record.id == id)?;
        let kind = Table::find(&record.kind)?;
        kind.is_a(table.name).then_some(kind.name)
    }

    /// The user it is assigned to, if that is one.
    fn owner(&self, fields: &Map<String, Value>) -> Option<String> {
        let id = fields.get("assigned_to")?.as_str()?;
        self.core.directory().find(id).map(|user| user.id.clone())
    }

    fn write_journal(&self, table: &str, id: &str, values: &Values) {
        let now = self.core.clock.now();
        let entries = values
            .iter()
            .filter(|(_, kind, text)| *kind == Kind::Journal && !text.is_empty());
        let mut records = self.core.records();
        for (column, _, text) in entries {
            let nth = records.count("sys_journal_field");
            let own = ids::written(self.core.seed, "sys_journal_field", nth);
            records.add(Record {
                kind: "sys_journal_field".to_owned(),
                id: own.clone(),
                owner: None,
                fields: json!({
                    "sys_id": own, "name": table, "element_id": id, "element": column, "value": text,
                    "sys_created_on": date_time(now), "sys_created_by": USERNAME,
                }),
                created: now,
                modified: now,
            });
        }
    }

    fn shown(&self, request: &ApiRequest, table: &'static Table, id: &str) -> Value {
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
        let row: Option<Row<'_>> = view.find(table, id);
        row.map_or(Value::Null, |row| {
            Style::read(&self.core, request).row(view, table, &row)
        })
    }
}

fn set(fields: &mut Map<String, Value>, values: &Values) {
    for (column, kind, text) in values {
        if *kind != Kind::Journal {
            fields.insert((*column).to_owned(), json!(text));
        }
    }
}

fn defaults(table: &Table, nth: usize, now: Timestamp) -> Map<String, Value> {
    let time = date_time(now);
    let (prefix, first) = table.numbers.unwrap_or(("", 0));
    let own = if table.name == "interaction" {
        json!({ "state": "new", "channel": "phone", "type": "phone", "active": "true" })
    } else {
        json!({
            "state": "1", "impact": "3", "urgency": "3", "active": "true", "sys_class_name": table.name,
        })
    };
    let mut fields = match own {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    for (name, value) in [
        ("number", format!("{prefix}{:07}", first + nth)),
        ("opened_at", time.clone()),
        ("sys_created_on", time.clone()),
        ("sys_updated_on", time),
        ("sys_created_by", USERNAME.to_owned()),
        ("sys_updated_by", USERNAME.to_owned()),
        ("sys_mod_count", "0".to_owned()),
    ] {
        fields.insert(name.to_owned(), json!(value));
    }
    fields
}

/// From impact and urgency, 1 to 3 each, to 1 to 5.
fn priority(fields: &Map<String, Value>) -> String {
    let level = |name: &str| {
        let text = fields.get(name).and_then(Value::as_str);
        text.and_then(|text| text.parse::<u32>().ok())
            .unwrap_or(3)
            .clamp(1, 3)
    };
    (level("impact") + level("urgency") - 1).to_string()
}
