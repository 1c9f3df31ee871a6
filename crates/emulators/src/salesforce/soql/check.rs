//! Checking a query against the schema.

use super::lexer::{malformed, pointed};
use super::{Condition, Literal, Operator, Path, Select};
use crate::salesforce::errors::ApiError;
use crate::salesforce::ids;
use crate::salesforce::schema::{Field, Object, Type};

/// A field of the answer: relationships to follow, then the field.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) through: Vec<&'static str>,
    pub(super) field: &'static Field,
}

/// A query's text, what is hidden, and the object it is about.
pub(super) struct Check<'a> {
    pub(super) text: &'a str,
    pub(super) hidden: &'a [&'a str],
    pub(super) object: &'static Object,
}

impl Check<'_> {
    pub(super) fn columns(
        &self,
        select: &Select,
        limit: Option<usize>,
    ) -> Result<Vec<Column>, ApiError> {
        let paths = match select {
            Select::Count => return Ok(Vec::new()),
            Select::Paths(paths) => paths,
            Select::Fields { all } => {
                if *all && limit.is_none_or(|limit| limit > 200) {
                    let what = "The SOQL FIELDS function must have a LIMIT of at most 200";
                    return Err(malformed(self.text, 0, what));
                }
                let shown = self
                    .object
                    .fields
                    .iter()
                    .filter(|field| !self.hides(field.name));
                return Ok(shown
                    .map(|field| Column {
                        through: Vec::new(),
                        field,
                    })
                    .collect());
            }
        };
        let mut columns: Vec<Column> = Vec::new();
        for path in paths {
            let column = self.path(path)?;
            let same = |other: &Column| {
                other.through == column.through && other.field.name == column.field.name
            };
            if columns.iter().any(same) {
                let what = format!("duplicate field selected: {}", path.parts.join("."));
                return Err(malformed(self.text, path.at, &what));
            }
            columns.push(column);
        }
        Ok(columns)
    }

    pub(super) fn path(&self, path: &Path) -> Result<Column, ApiError> {
        let (object, through) = self.follow(path)?;
        let name = path.parts.last().map(String::as_str).unwrap_or_default();
        let hidden = object.name == self.object.name && self.hides(name);
        match object.field(name).filter(|_| !hidden) {
            Some(field) => Ok(Column { through, field }),
            None => Err(self.invalid(path, &format!(
                "No such column '{name}' on entity '{}'. If you are attempting to use a custom field, be \
                 sure to append the '__c' after the custom field name. Please reference your WSDL or the \
                 describe call for the appropriate names.",
                object.name
            ))),
        }
    }

    /// The object at the end of the path's relationships. The object's own name may come first.
    fn follow(&self, path: &Path) -> Result<(&'static Object, Vec<&'static str>), ApiError> {
        let mut object = self.object;
        let mut through = Vec::new();
        let parents = &path.parts[..path.parts.len().saturating_sub(1)];
        for (nth, parent) in parents.iter().enumerate() {
            if let Some((relationship, next)) = object.relationship(parent) {
                through.push(relationship);
                object = next;
            } else if !(nth == 0 && parent.eq_ignore_ascii_case(self.object.name)) {
                return Err(self.invalid(path, &format!(
                    "Didn't understand relationship '{parent}' in field path. If you are attempting to use \
                     a custom relationship, be sure to append the '__r' after the custom relationship name. \
                     Please reference your WSDL or the describe call for the appropriate names."
                )));
            }
        }
        Ok((object, through))
    }

    fn hides(&self, field: &str) -> bool {
        self.hidden
            .iter()
            .any(|hidden| hidden.eq_ignore_ascii_case(field))
    }

    fn invalid(&self, path: &Path, what: &str) -> ApiError {
        ApiError::bad("INVALID_FIELD", pointed(self.text, path.at, what))
    }

    pub(super) fn condition(&self, condition: &Condition) -> Result<(), ApiError> {
        match condition {
            Condition::And(all) | Condition::Or(all) => all
                .iter()
                .try_for_each(|condition| self.condition(condition)),
            Condition::Not(inner) => self.condition(inner),
            Condition::Compare(path, operator, literal) => {
                let field = self.filterable(path)?;
                if *operator == Operator::Like
                    && matches!(field.kind, Type::Boolean | Type::DateTime | Type::Id)
                {
                    let what = format!("invalid operator on {} field", field.kind.name());
                    return Err(ApiError::bad(
                        "INVALID_QUERY_FILTER_OPERATOR",
                        pointed(self.text, path.at, &what),
                    ));
                }
                self.literal(path, field, literal, *operator == Operator::Like)
            }
            Condition::In(path, _, literals) => {
                let field = self.filterable(path)?;
                literals
                    .iter()
                    .try_for_each(|literal| self.literal(path, field, literal, false))
            }
        }
    }

    /// The field at the end of a path, unless its texts are too long to compare.
    fn filterable(&self, path: &Path) -> Result<&'static Field, ApiError> {
        let field = self.path(path)?.field;
        if let Type::TextArea(_) = field.kind {
            let what = format!("field '{}' can not be filtered in a query call", field.name);
            return Err(self.invalid(path, &what));
        }
        Ok(field)
    }

    /// Whether the value is of the field's type.
    fn literal(
        &self,
        path: &Path,
        field: &Field,
        literal: &Literal,
        pattern: bool,
    ) -> Result<(), ApiError> {
        let fits = match (field.kind, literal) {
            (_, Literal::Null) => true,
            (Type::Boolean, literal) => matches!(literal, Literal::Boolean(_)),
            (Type::DateTime | Type::Date, literal) => matches!(literal, Literal::DateTime(_)),
            (Type::Integer, literal) => matches!(literal, Literal::Number(_)),
            (_, literal) => matches!(literal, Literal::Text(_)),
        };
        if !fits {
            let quotes = match literal {
                Literal::Text(_) => "should not be enclosed in quotes",
                _ => "should be enclosed in quotes",
            };
            let kind = if field.kind == Type::DateTime {
                "dateTime"
            } else {
                field.kind.name()
            };
            let what = format!(
                "value of filter criterion for field '{}' must be of type {kind} and {quotes}",
                field.name
            );
            return Err(self.invalid(path, &what));
        }
        match literal {
            Literal::Text(text)
                if field.kind.is_id() && !pattern && ids::normalise(text).is_none() =>
            {
                let what = format!("invalid ID field: {text}");
                Err(ApiError::bad(
                    "INVALID_QUERY_FILTER_OPERATOR",
                    pointed(self.text, path.at, &what),
                ))
            }
            _ => Ok(()),
        }
    }
}
