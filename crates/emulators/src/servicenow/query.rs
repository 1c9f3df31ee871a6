//! Encoded queries: `active=true^emailISNOTEMPTY^ORDERBYsys_id`. What names no column is left
//! out and the rest still runs, so that a misspelt condition finds everything.

use std::cmp::Ordering;

use super::rows::{Row, View};
use super::tables::Table;

/// A query, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Joined by `^NQ`: one of them must fit.
    groups: Vec<Vec<Any>>,
    /// Columns to order by, and whether downwards.
    pub(crate) order: Vec<(String, bool)>,
}

/// Conditions joined by `^OR`: one of them must fit.
type Any = Vec<Condition>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    column: String,
    operator: &'static str,
    value: String,
}

/// Longer ones before those they begin with.
const OPERATORS: &[&str] = &[
    "ISNOTEMPTY",
    "ISEMPTY",
    "STARTSWITH",
    "ENDSWITH",
    "NOT LIKE",
    "NOTLIKE",
    "LIKE",
    "NOT IN",
    "IN",
    "!=",
    ">=",
    "<=",
    "=",
    ">",
    "<",
];

/// Who asks, for the values that are scripts.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    pub(crate) id: String,
    pub(crate) user_name: String,
}

impl Query {
    /// Reads a query over a table.
    pub(crate) fn read(text: &str, table: &Table, asker: &Asker) -> Self {
        let mut query = Self {
            groups: vec![Vec::new()],
            order: Vec::new(),
        };
        for term in text.split('^') {
            if let Some(column) = term.strip_prefix("ORDERBYDESC") {
                query.order_by(column, table, true);
            } else if let Some(column) = term.strip_prefix("ORDERBY") {
                query.order_by(column, table, false);
            } else if let Some(term) = term.strip_prefix("NQ") {
                query.groups.push(Vec::new());
                query.add(condition(term, table, asker), false);
            } else if let Some(term) = term.strip_prefix("OR") {
                query.add(condition(term, table, asker), true);
            } else {
                query.add(condition(term, table, asker), false);
            }
        }
        query
    }

    fn order_by(&mut self, column: &str, table: &Table, down: bool) {
        if table.leads_to(column) {
            self.order.push((column.to_owned(), down));
        }
    }

    fn add(&mut self, condition: Option<Condition>, or: bool) {
        let Some(group) = self.groups.last_mut() else {
            return;
        };
        match (condition, group.last_mut()) {
            (None, _) => {}
            (Some(condition), Some(any)) if or => any.push(condition),
            (Some(condition), _) => group.push(vec![condition]),
        }
    }

    /// Adds the conditions of another query that has one group.
    pub(crate) fn narrow(&mut self, other: Self) {
        for more in other.groups {
            for group in &mut self.groups {
                group.extend(more.iter().cloned());
            }
        }
    }

    /// The id that all rows are to be above, when that is a condition of its own: how clients page
    /// that keep their place by the last id.
    pub(crate) fn above_id(&self) -> Option<&str> {
        match self.groups.as_slice() {
            [group] => group.iter().find_map(|any| match any.as_slice() {
                [only] if only.is_keyset() => Some(only.value.as_str()),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Whether rows come in the order of their ids.
    pub(crate) fn goes_by_id(&self) -> bool {
        matches!(self.order.first(), Some((column, false)) if column == "sys_id")
    }

    /// Whether it looks for somebody by an address, a number, a name or an id.
    pub(crate) fn looks_for_somebody(&self) -> bool {
        let columns = ["email", "phone", "mobile_phone", "user_name", "sys_id"];
        let looks = |condition: &Condition| {
            columns.contains(&condition.column.as_str())
                && ["=", "LIKE", "STARTSWITH", "ENDSWITH", "IN"].contains(&condition.operator)
        };
        self.groups.iter().flatten().flatten().any(looks)
    }

    /// Whether a row fits; the keyset is left out, it says where to go on.
    pub(crate) fn fits<'a>(&self, view: View<'a>, table: &Table, row: &Row<'a>) -> bool {
        let has_keyset = self.above_id().is_some();
        self.groups.iter().any(|group| {
            group.iter().all(|any| {
                (has_keyset && any.len() == 1 && any[0].is_keyset())
                    || any
                        .iter()
                        .any(|condition| condition.fits(&view.value(table, row, &condition.column)))
            })
        })
    }
}

impl Condition {
    fn is_keyset(&self) -> bool {
        self.column == "sys_id" && self.operator == ">"
    }

    fn fits(&self, own: &str) -> bool {
        let wanted = self.value.as_str();
        match self.operator {
            "=" => own == wanted,
            "!=" => own != wanted,
            "LIKE" => own.contains(wanted),
            "NOT LIKE" | "NOTLIKE" => !own.contains(wanted),
            "STARTSWITH" => own.starts_with(wanted),
            "ENDSWITH" => own.ends_with(wanted),
            "ISEMPTY" => own.is_empty(),
            "ISNOTEMPTY" => !own.is_empty(),
            "IN" => wanted.split(',').any(|wanted| own == wanted),
            "NOT IN" => wanted.split(',').all(|wanted| own != wanted),
            ">" => compare(own, wanted) == Ordering::Greater,
            ">=" => compare(own, wanted) != Ordering::Less,
            "<" => compare(own, wanted) == Ordering::Less,
            _ => compare(own, wanted) != Ordering::Greater,
        }
    }
}

/// Whole numbers as numbers, everything else as text.
fn compare(own: &str, wanted: &str) -> Ordering {
    match (own.parse::<i64>(), wanted.parse::<i64>()) {
        (Ok(own), Ok(wanted)) => own.cmp(&wanted),
        _ => own.cmp(wanted),
    }
}

/// A condition; `None` when it names no column or no operator.
fn condition(term: &str, table: &Table, asker: &Asker) -> Option<Condition> {
    let is_name = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_.".contains(letter)
    };
    let end = term.find(|letter| !is_name(letter))?;
    let (column, rest) = term.split_at(end);
    let operator = OPERATORS
        .iter()
        .find(|operator| rest.starts_with(**operator))?;
    let value = &rest[operator.len()..];
    let value = match value.strip_prefix("javascript:") {
        None => value.to_owned(),
        Some(script) => match script.trim_end_matches(';') {
            "gs.getUserID()" => asker.id.clone(),
            "gs.getUserName()" => asker.user_name.clone(),
            _ => String::new(),
        },
    };
    table.leads_to(column).then(|| Condition {
        column: column.to_owned(),
        operator,
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Query {
        let table = Table::find("sys_user").expect("a table");
        let asker = Asker {
            id: "0".repeat(32),
            user_name: "somebody".to_owned(),
        };
        Query::read(text, table, &asker)
    }

    #[test]
    fn a_misspelt_column_is_no_condition() {
        assert_eq!(read("actve=true"), read(""));
        assert_eq!(read("actve=true^emailISNOTEMPTY"), read("emailISNOTEMPTY"));
        assert_eq!(read("department.nam=x^ORDERBYnothing"), read(""));
    }

    #[test]
    fn or_belongs_to_the_condition_before_it() {
        let query = read("active=true^phoneLIKE5^ORmobile_phoneLIKE5^NQuser_name=x");
        assert_eq!(query.groups.len(), 2);
        let sizes: Vec<usize> = query.groups[0].iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 2]);
    }

    #[test]
    fn a_keyset_is_told_from_other_conditions() {
        assert_eq!(read("sys_id>0a^ORDERBYsys_id").above_id(), Some("0a"));
        assert_eq!(read("sys_id>0a^ORname=x").above_id(), None);
        assert_eq!(read("sys_id=0a").above_id(), None);
    }

    #[test]
    fn a_script_stands_for_the_asker() {
        let query = read("user_name=javascript:gs.getUserName()");
        assert_eq!(query.groups[0][0][0].value, "somebody");
    }
}
