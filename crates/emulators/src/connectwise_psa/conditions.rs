//! The grammar of `conditions` and `childConditions`: comparisons of fields, joined by words.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use super::entry::is_time;
use super::lexer::{Token, tokens};

/// Checked conditions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Is(String, Operator, Literal),
    Among(String, Vec<Literal>),
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    Contains,
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Time(Timestamp),
    Number(f64),
    Flag(bool),
    Null,
}

/// Reads conditions; `known` says whether there is such a field. The error is a sentence.
pub(crate) fn read(text: &str, known: &dyn Fn(&str) -> bool) -> Result<Condition, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        known,
    };
    let condition = parser.any()?;
    match parser.peek() {
        None => Ok(condition),
        Some(token) => Err(format!("{token:?} is not expected there.")),
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    known: &'a dyn Fn(&str) -> bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Result<Token, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.ok_or_else(|| "The expression ends too early.".to_owned())
    }

    fn takes(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(own)) if own.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Condition, String> {
        let mut all = vec![self.all()?];
        while self.takes_word("or") {
            all.push(self.all()?);
        }
        Ok(single_or(all, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut all = vec![self.one()?];
        while self.takes_word("and") {
            all.push(self.one()?);
        }
        Ok(single_or(all, Condition::All))
    }

    fn one(&mut self) -> Result<Condition, String> {
        if self.takes_word("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.takes(&Token::Open) {
            let inner = self.any()?;
            return if self.takes(&Token::Close) {
                Ok(inner)
            } else {
                Err("A closing parenthesis is missing.".to_owned())
            };
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Condition, String> {
        let field = match self.next()? {
            Token::Word(field) => field,
            token => return Err(format!("A field is expected instead of {token:?}.")),
        };
        if !(self.known)(&field) {
            return Err(format!("'{field}' is not a valid field."));
        }
        let negated = self.takes_word("not");
        let condition = if self.takes_word("in") {
            Condition::Among(field.clone(), self.list(&field)?)
        } else {
            let operator = self.operator(negated)?;
            let literal = self.literal(&field)?;
            Condition::Is(field, operator, literal)
        };
        Ok(if negated {
            Condition::Not(Box::new(condition))
        } else {
            condition
        })
    }

    fn operator(&mut self, negated: bool) -> Result<Operator, String> {
        let token = self.next()?;
        let operator = match &token {
            Token::Word(word) if word.eq_ignore_ascii_case("like") => Some(Operator::Like),
            Token::Word(word) if word.eq_ignore_ascii_case("contains") => Some(Operator::Contains),
            Token::Operator(operator) if !negated => Some(*operator),
            _ => None,
        };
        operator.ok_or_else(|| format!("{token:?} is not a valid operator."))
    }

    fn list(&mut self, field: &str) -> Result<Vec<Literal>, String> {
        if !self.takes(&Token::Open) {
            return Err("A list in parentheses is expected after in.".to_owned());
        }
        let mut all = vec![self.literal(field)?];
        while self.takes(&Token::Comma) {
            all.push(self.literal(field)?);
        }
        if self.takes(&Token::Close) {
            Ok(all)
        } else {
            Err("A closing parenthesis is missing.".to_owned())
        }
    }

    /// The value, of the kind that the field holds.
    fn literal(&mut self, field: &str) -> Result<Literal, String> {
        let literal = match self.next()? {
            Token::Text(text) => Literal::Text(text),
            Token::Time(time) => Literal::Time(time),
            Token::Number(number) => Literal::Number(number),
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Literal::Flag(true),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Literal::Flag(false),
            Token::Word(word) if word.eq_ignore_ascii_case("null") => Literal::Null,
            token => return Err(format!("A value is expected instead of {token:?}.")),
        };
        let last = field.rsplit(['/', '.']).next().unwrap_or(field);
        let fits = match &literal {
            Literal::Null => true,
            Literal::Time(_) => is_time(last),
            Literal::Flag(_) => last.ends_with("Flag"),
            Literal::Number(_) => !is_time(last) && !last.ends_with("Flag"),
            Literal::Text(_) => !is_time(last) && !last.ends_with("Flag") && last != "id",
        };
        if fits {
            Ok(literal)
        } else {
            Err(format!(
                "The value of '{field}' is of the wrong type: strings stand in quotes, dates in brackets."
            ))
        }
    }
}

fn single_or(mut all: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match all.pop() {
        Some(only) if all.is_empty() => only,
        Some(last) => {
            all.push(last);
            join(all)
        }
        None => join(all),
    }
}

impl Condition {
    /// Whether what `value` tells of the fields meets them.
    pub(crate) fn meets(&self, value: &dyn Fn(&str) -> Value) -> bool {
        match self {
            Self::All(inner) => inner.iter().all(|one| one.meets(value)),
            Self::Any(inner) => inner.iter().any(|one| one.meets(value)),
            Self::Not(inner) => !inner.meets(value),
            Self::Is(field, operator, literal) => holds(&value(field), *operator, literal),
            Self::Among(field, literals) => {
                let own = value(field);
                literals
                    .iter()
                    .any(|literal| holds(&own, Operator::Equal, literal))
            }
        }
    }
}

fn holds(value: &Value, operator: Operator, literal: &Literal) -> bool {
    let found = compare(value, literal);
    match operator {
        Operator::Equal => found == Some(Ordering::Equal),
        Operator::NotEqual => found != Some(Ordering::Equal),
        Operator::Less => found.is_some_and(Ordering::is_lt),
        Operator::LessOrEqual => found.is_some_and(Ordering::is_le),
        Operator::Greater => found.is_some_and(Ordering::is_gt),
        Operator::GreaterOrEqual => found.is_some_and(Ordering::is_ge),
        Operator::Like => text(value, literal).is_some_and(|(own, like)| is_like(&own, &like)),
        Operator::Contains => text(value, literal).is_some_and(|(own, part)| own.contains(&part)),
    }
}

fn text(value: &Value, literal: &Literal) -> Option<(String, String)> {
    match literal {
        Literal::Text(wanted) => Some((value.as_str()?.to_lowercase(), wanted.to_lowercase())),
        _ => None,
    }
}

/// Text is compared without regard to case, as the vendor's database does.
fn compare(value: &Value, literal: &Literal) -> Option<Ordering> {
    match literal {
        Literal::Null => value.is_null().then_some(Ordering::Equal),
        Literal::Flag(wanted) => Some(value.as_bool()?.cmp(wanted)),
        Literal::Number(wanted) => match value {
            Value::String(text) => text.parse::<f64>().ok()?.partial_cmp(wanted),
            _ => value.as_f64()?.partial_cmp(wanted),
        },
        Literal::Time(wanted) => {
            let own: Timestamp = value.as_str()?.parse().ok()?;
            Some(own.cmp(wanted))
        }
        Literal::Text(_) => text(value, literal).map(|(own, wanted)| own.cmp(&wanted)),
    }
}

/// `%` and `*` stand for anything, at any place.
fn is_like(own: &str, pattern: &str) -> bool {
    let mut parts = pattern.split(['%', '*']);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = own.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn met(conditions: &str) -> bool {
        let row = json!({
            "id": 7, "identifier": "jdoe", "inactiveFlag": false, "lastUpdated": "2026-08-20T18:04:26Z",
            "board": { "name": "Help" },
        });
        let read = read(conditions, &|_| true).unwrap_or_else(|error| panic!("{error}"));
        read.meets(&|field| super::super::entry::at(&row, field))
    }

    #[test]
    fn comparisons_hold_as_the_grammar_says() {
        for good in [
            "id = 7",
            "identifier='JDOE' and inactiveFlag = false",
            "identifier = \"jdoe\"",
            "lastUpdated > [2026-08-01T00:00:00Z]",
            "lastUpdated < [2026-09-01]",
            "id in (1, 7)",
            "id not in (1,2)",
            "board/name like 'H%p'",
            "identifier contains 'do' AND (id=1 or id>=7)",
            "not id = 8",
            "title = null",
            "identifier not like '*x*'",
        ] {
            assert!(met(good), "{good}");
        }
        for bad in [
            "id != 7",
            "board/name like 'elp'",
            "identifier < 'a'",
            "id > 7",
        ] {
            assert!(!met(bad), "{bad}");
        }
    }

    #[test]
    fn what_does_not_follow_the_grammar_is_refused() {
        for bad in [
            "identifier=jdoe",
            "lastUpdated > '2026-08-01'",
            "inactiveFlag = 'false'",
            "id = 7 and",
            "id ~ 7",
            "(id = 7",
            "identifier = 'x",
            "id = '7'",
        ] {
            assert!(read(bad, &|_| true).is_err(), "{bad}");
        }
        assert!(read("shoeSize = 7", &|field| field == "id").is_err());
    }
}
