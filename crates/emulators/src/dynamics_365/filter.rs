//! `$filter`: read by descent, checked against the table, and met by rows.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use super::errors::ApiError;
use super::ids;
use super::rows::Row;
use super::schema::{Column, Entity, Kind};

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(&'static Column, Operator, Literal),
    /// What the text has to do with the words: hold them, start or end with them.
    Text(&'static Column, Part, String),
}

/// An operator between a column and a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// Where in a text something is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Anywhere,
    Start,
    End,
}

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    Time(Timestamp),
    Guid(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Value(Literal),
    Sign(char),
    End,
}

/// Reads a filter of that table.
pub(crate) fn read(text: &str, entity: &'static Entity) -> Result<Filter, ApiError> {
    let mut parser = Parser {
        text,
        tokens: lex(text)?,
        next: 0,
        entity,
    };
    let filter = parser.either()?;
    match parser.peek() {
        Token::End => Ok(filter),
        _ => Err(parser.unexpected()),
    }
}

fn syntax(text: &str, at: usize) -> ApiError {
    ApiError::query(format!("Syntax error at position {at} in '{text}'."))
}

fn lex(text: &str) -> Result<Vec<(Token, usize)>, ApiError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match first {
            space if space.is_whitespace() => {
                at += space.len_utf8();
                continue;
            }
            '(' | ')' | ',' => (Token::Sign(first), 1),
            '\'' => quoted(rest).ok_or_else(|| {
                ApiError::query(format!(
                    "There is an unterminated string literal at position {} in '{text}'.",
                    text.len()
                ))
            })?,
            _ => {
                let part = |letter: char| letter.is_alphanumeric() || "_.:-+/@".contains(letter);
                let length = rest.find(|letter| !part(letter)).unwrap_or(rest.len());
                if length == 0 {
                    return Err(syntax(text, at));
                }
                (word(&rest[..length]), length)
            }
        };
        tokens.push((token, at));
        at += length;
    }
    tokens.push((Token::End, text.len()));
    Ok(tokens)
}

/// A text between single quotes, in which two stand for one.
fn quoted(rest: &str) -> Option<(Token, usize)> {
    let mut value = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '\'' {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return Some((Token::Value(Literal::Text(value)), at + 1));
        }
    }
    None
}

fn word(text: &str) -> Token {
    let literal = match text {
        "null" => Literal::Null,
        "true" => Literal::Boolean(true),
        "false" => Literal::Boolean(false),
        _ => {
            if let Some(id) = ids::normalise(text) {
                Literal::Guid(id)
            } else if let Some(time) = time(text) {
                Literal::Time(time)
            } else if let Ok(number) = text.parse::<f64>() {
                Literal::Number(number)
            } else {
                return Token::Word(text.to_owned());
            }
        }
    };
    Token::Value(literal)
}

/// `2026-01-01T00:00:00Z`, or a date alone, which means midnight.
fn time(text: &str) -> Option<Timestamp> {
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let whole = if text.len() == 10 {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    };
    whole.parse().ok()
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, usize)>,
    next: usize,
    entity: &'static Entity,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        // The last token is the end, which nothing steps over.
        &self.tokens[self.next.min(self.tokens.len() - 1)].0
    }

    fn step(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn unexpected(&self) -> ApiError {
        let at = self.tokens[self.next.min(self.tokens.len() - 1)].1;
        syntax(self.text, at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == token;
        self.next += usize::from(is_next);
        is_next
    }

    fn take_word(&mut self, word: &str) -> bool {
        let taken = matches!(self.peek(), Token::Word(found) if found == word);
        self.next += usize::from(taken);
        taken
    }

    fn need(&mut self, sign: char) -> Result<(), ApiError> {
        if self.take(&Token::Sign(sign)) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn either(&mut self) -> Result<Filter, ApiError> {
        let mut filter = self.both()?;
        while self.take_word("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.both()?));
        }
        Ok(filter)
    }

    fn both(&mut self) -> Result<Filter, ApiError> {
        let mut filter = self.single()?;
        while self.take_word("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.single()?));
        }
        Ok(filter)
    }

    fn single(&mut self) -> Result<Filter, ApiError> {
        if self.take_word("not") {
            return Ok(Filter::Not(Box::new(self.single()?)));
        }
        if self.take(&Token::Sign('(')) {
            let inner = self.either()?;
            self.need(')')?;
            return Ok(inner);
        }
        let Token::Word(name) = self.peek().clone() else {
            return Err(self.unexpected());
        };
        self.step();
        if self.take(&Token::Sign('(')) {
            return self.function(&name);
        }
        let column = self.column(&name)?;
        let operator = self.operator()?;
        let Token::Value(literal) = self.peek().clone() else {
            return Err(self.unexpected());
        };
        self.step();
        fits(column, operator, &literal)?;
        Ok(Filter::Compare(column, operator, literal))
    }

    fn column(&self, name: &str) -> Result<&'static Column, ApiError> {
        let column = self.entity.column(name);
        column.ok_or_else(|| ApiError::no_property(name, self.entity.name))
    }

    /// The rest of `contains(column,'text')` and its like.
    fn function(&mut self, name: &str) -> Result<Filter, ApiError> {
        let part = match name {
            "contains" => Part::Anywhere,
            "startswith" => Part::Start,
            "endswith" => Part::End,
            _ => {
                let message = format!("An unknown function with name '{name}' was found.");
                return Err(ApiError::query(message));
            }
        };
        let Token::Word(column) = self.step() else {
            return Err(self.unexpected());
        };
        let column = self.column(&column)?;
        self.need(',')?;
        let value = self.step();
        self.need(')')?;
        match (column.kind, value) {
            (Kind::Text(_), Token::Value(Literal::Text(text))) => {
                Ok(Filter::Text(column, part, text))
            }
            _ => Err(ApiError::query(format!(
                "No function signature for the function with name '{name}' matches the specified \
                 arguments."
            ))),
        }
    }

    fn operator(&mut self) -> Result<Operator, ApiError> {
        let operator = match self.peek() {
            Token::Word(word) => match word.as_str() {
                "eq" => Operator::Equal,
                "ne" => Operator::NotEqual,
                "gt" => Operator::Greater,
                "ge" => Operator::GreaterOrEqual,
                "lt" => Operator::Less,
                "le" => Operator::LessOrEqual,
                _ => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.step();
        Ok(operator)
    }
}

/// Whether the value is of the column's type. GUIDs are also taken as text.
fn fits(column: &Column, operator: Operator, literal: &Literal) -> Result<(), ApiError> {
    let fits = match (column.kind, literal) {
        (_, Literal::Null)
        | (Kind::Text(_), Literal::Text(_))
        | (Kind::Integer | Kind::BigInt | Kind::Choice(_), Literal::Number(_))
        | (Kind::Boolean, Literal::Boolean(_))
        | (Kind::Time, Literal::Time(_))
        | (Kind::Id | Kind::Guid | Kind::Lookup(_), Literal::Guid(_)) => true,
        (Kind::Id | Kind::Guid | Kind::Lookup(_), Literal::Text(text)) => {
            ids::normalise(text).is_some()
        }
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let found = match literal {
        Literal::Null => "null",
        Literal::Boolean(_) => "Edm.Boolean",
        Literal::Number(_) => "Edm.Int32",
        Literal::Text(_) => "Edm.String",
        Literal::Time(_) => "Edm.DateTimeOffset",
        Literal::Guid(_) => "Edm.Guid",
    };
    Err(ApiError::query(format!(
        "A binary operator with incompatible types was detected. Found operand types '{}' and \
         '{found}' for operator kind '{operator:?}'.",
        column.kind.edm()
    )))
}

impl Filter {
    /// Whether a row meets the condition. Text is compared without regard to case, as the
    /// database does.
    pub(crate) fn meets(&self, row: &Row) -> bool {
        match self {
            Self::And(one, other) => one.meets(row) && other.meets(row),
            Self::Or(one, other) => one.meets(row) || other.meets(row),
            Self::Not(inner) => !inner.meets(row),
            Self::Compare(column, operator, literal) => {
                compares(&row.value(column.name), *operator, literal)
            }
            Self::Text(column, part, words) => {
                let value = row.value(column.name);
                let text = value.as_str().map(str::to_lowercase);
                let words = words.to_lowercase();
                text.is_some_and(|text| match part {
                    Part::Anywhere => text.contains(&words),
                    Part::Start => text.starts_with(&words),
                    Part::End => text.ends_with(&words),
                })
            }
        }
    }
}

fn compares(value: &Value, operator: Operator, literal: &Literal) -> bool {
    let text = |other: &str| {
        let value = value.as_str()?;
        Some(value.to_lowercase().cmp(&other.to_lowercase()))
    };
    let ordering = match literal {
        Literal::Null => value.is_null().then_some(Ordering::Equal),
        Literal::Boolean(flag) => value.as_bool().map(|value| value.cmp(flag)),
        Literal::Number(number) => value.as_f64().and_then(|value| value.partial_cmp(number)),
        Literal::Time(time) => value
            .as_str()
            .and_then(|value| value.parse::<Timestamp>().ok())
            .map(|value| value.cmp(time)),
        Literal::Text(other) | Literal::Guid(other) => text(other),
    };
    match (operator, ordering) {
        (Operator::Equal, found) => found == Some(Ordering::Equal),
        // An empty column differs from every value.
        (Operator::NotEqual, found) => found != Some(Ordering::Equal),
        (_, None) => false,
        (Operator::Greater, Some(found)) => found.is_gt(),
        (Operator::GreaterOrEqual, Some(found)) => found.is_ge(),
        (Operator::Less, Some(found)) => found.is_lt(),
        (Operator::LessOrEqual, Some(found)) => found.is_le(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::by_name;
    use super::*;

    fn error(text: &str) -> String {
        let contact = by_name("contact").expect("contacts");
        read(text, contact).expect_err(text).message
    }

    #[test]
    fn what_clients_send_is_read() {
        let contact = by_name("contact").expect("contacts");
        for good in [
            "telephone1 eq '+44 20' or mobilephone eq 'x' or endswith(telephone1,'460500')",
            "lastname eq 'O''Neill' and (statecode eq 0 and not contains(fullname,'x'))",
            "modifiedon gt 2026-01-01T00:00:00Z and modifiedon le 2026-02-01",
            "_ownerid_value eq 5531d753-95af-e711-a94e-000d3a11e605 and emailaddress2 ne null",
        ] {
            read(good, contact).unwrap_or_else(|error| panic!("{good}: {}", error.message));
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_the_vendors_words() {
        assert!(error("shoe eq 'x'").contains("Could not find a property named 'shoe'"));
        assert!(
            error("Lastname eq 'x'").contains("'Lastname'"),
            "names have their case"
        );
        assert!(error("lastname eq").contains("Syntax error at position 11"));
        assert!(error("lastname eq 'x").contains("unterminated string literal"));
        assert!(error("statecode eq '0'").contains("incompatible types"));
        assert!(error("has(lastname,'x')").contains("unknown function"));
    }
}
