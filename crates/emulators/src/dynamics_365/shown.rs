//! Records as the Web API shows them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::options::{ANNOTATIONS, Expand, PARTIES, Prefer};
use super::rows::{Row, World};
use super::schema::{Column, Entity, Kind, by_name};

/// What to show of a record.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) entity: &'static Entity,
    /// The columns; empty: all.
    pub(crate) select: &'a [&'static Column],
    pub(crate) expand: &'a [Expand],
    pub(crate) prefer: &'a Prefer,
}

impl View<'_> {
    /// The record, its columns by their names in JSON. The id is always there.
    pub(crate) fn of(&self, row: &Row, world: &World) -> Map<String, Value> {
        let mut shown = Map::new();
        shown.insert("@odata.etag".to_owned(), json!(etag(row)));
        for column in self.entity.columns {
            let wanted = self.select.is_empty()
                || column.kind == Kind::Id
                || self.select.iter().any(|asked| asked.name == column.name);
            if wanted {
                self.column(column, row, world, &mut shown);
            }
        }
        for expand in self.expand {
            match expand {
                Expand::Parties => {
                    shown.insert(PARTIES.to_owned(), row.value(PARTIES));
                }
                Expand::One(link, target, select) => {
                    let id = row.value(link.column);
                    let found = id.as_str().and_then(|id| world.find(target, id));
                    let view = View {
                        entity: target,
                        select,
                        expand: &[],
                        prefer: self.prefer,
                    };
                    let value = found.map(|row| Value::Object(view.of(&row, world)));
                    shown.insert(link.name.to_owned(), value.unwrap_or_default());
                }
            }
        }
        shown
    }

    fn column(&self, column: &Column, row: &Row, world: &World, shown: &mut Map<String, Value>) {
        let name = column.wire();
        let value = row.value(column.name);
        let wanted = self.prefer.annotations != [false; 3];
        let target = match column.kind {
            Kind::Lookup(targets) if wanted => target(&value, targets, world),
            _ => None,
        };
        let link = target.and_then(|(entity, _)| {
            let mut links = self.entity.navigations.iter();
            links.find(|link| link.column == column.name && link.target == entity.name)
        });
        let annotations = [
            formatted(column, &value, target),
            target.map(|(entity, _)| entity.name.to_owned()),
            link.map(|link| link.name.to_owned()),
        ];
        for (nth, annotation) in annotations.into_iter().enumerate() {
            if let Some(annotation) = annotation.filter(|_| self.prefer.annotations[nth]) {
                shown.insert(format!("{name}@{}", ANNOTATIONS[nth]), json!(annotation));
            }
        }
        shown.insert(name, value);
    }
}

/// The record a reference leads to, and its table.
fn target<'a>(
    value: &Value,
    targets: &[&str],
    world: &World<'a>,
) -> Option<(&'static Entity, Row<'a>)> {
    let id = value.as_str()?;
    let mut tables = targets.iter().filter_map(|name| by_name(name));
    tables.find_map(|entity| world.find(entity, id).map(|row| (entity, row)))
}

/// A value as people read it; only where that differs.
fn formatted(
    column: &Column,
    value: &Value,
    target: Option<(&'static Entity, Row)>,
) -> Option<String> {
    match column.kind {
        Kind::Choice(choices) => {
            let number = value.as_i64()?;
            let mut choices = choices.iter();
            choices
                .find(|(choice, _)| *choice == number)
                .map(|(_, label)| (*label).to_owned())
        }
        Kind::Boolean => value
            .as_bool()
            .map(|flag| if flag { "Yes" } else { "No" }.to_owned()),
        Kind::Lookup(_) => {
            let (entity, row) = target?;
            row.value(entity.title).as_str().map(str::to_owned)
        }
        Kind::Time => {
            let time: Timestamp = value.as_str()?.parse().ok()?;
            Some(time.strftime("%-m/%-d/%Y %-I:%M %p").to_string())
        }
        Kind::Integer | Kind::BigInt => value.as_i64().map(|number| number.to_string()),
        Kind::Id | Kind::Guid | Kind::Text(_) => None,
    }
}

/// The record's version as a weak tag.
pub(crate) fn etag(row: &Row) -> String {
    format!("W/\"{}\"", row.version())
}
