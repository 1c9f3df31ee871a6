//! `$filter`: comparisons, `and`, `or`, `not`, parentheses, `contains`, `startswith`, `endswith`,
//! `tolower`.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::entities::Entity;
use super::odata::compare;

/// A condition on a row.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(Term, &'static str, Term),
    /// `contains(field, text)` and its like.
    Text(&'static str, Term, Term),
}

/// A field, perhaps in small letters, or a literal.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    Field(String),
    Lower(Box<Term>),
    Literal(Value),
}

const COMPARISONS: &[&str] = &["eq", "ne", "gt", "ge", "lt", "le"];
const FUNCTIONS: &[&str] = &["contains", "startswith", "endswith"];

impl Filter {
    /// The error is the vendor's sentence.
    pub(crate) fn read(text: &str, entity: &Entity) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut reader = Reader {
            tokens: &tokens,
            at: 0,
            text,
            entity,
        };
        let filter = reader.any()?;
        if reader.at < tokens.len() {
            return Err(reader.syntax());
        }
        Ok(filter)
    }

    pub(crate) fn holds(&self, row: &Value) -> bool {
        match self {
            Self::And(first, second) => first.holds(row) && second.holds(row),
            Self::Or(first, second) => first.holds(row) || second.holds(row),
            Self::Not(inner) => !inner.holds(row),
            Self::Compare(first, operator, second) => {
                let (first, second) = (first.value(row), second.value(row));
                match *operator {
                    "eq" => first == second,
                    "ne" => first != second,
                    _ if first.is_null() || second.is_null() => false,
                    "gt" => compare(&first, &second) == Ordering::Greater,
                    "ge" => compare(&first, &second) != Ordering::Less,
                    "lt" => compare(&first, &second) == Ordering::Less,
                    _ => compare(&first, &second) != Ordering::Greater,
                }
            }
            Self::Text(function, whole, part) => {
                let (whole, part) = (whole.value(row), part.value(row));
                let (Some(whole), Some(part)) = (whole.as_str(), part.as_str()) else {
                    return false;
                };
                match *function {
                    "contains" => whole.contains(part),
                    "startswith" => whole.starts_with(part),
                    _ => whole.ends_with(part),
                }
            }
        }
    }
}

impl Term {
    fn value(&self, row: &Value) -> Value {
        match self {
            Self::Field(name) => row[name].clone(),
            Self::Lower(inner) => match inner.value(row) {
                Value::String(text) => json!(text.to_lowercase()),
                other => other,
            },
            Self::Literal(value) => value.clone(),
        }
    }
}

/// Words, quoted texts (quote first), parentheses and commas.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            letter if letter.is_whitespace() => {}
            '(' | ')' | ',' => tokens.push(letter.to_string()),
            '\'' => {
                let mut quoted = String::from("'");
                loop {
                    match letters.next() {
                        Some('\'') if letters.peek() == Some(&'\'') => {
                            letters.next();
                            quoted.push('\'');
                        }
                        Some('\'') => break,
                        Some(letter) => quoted.push(letter),
                        None => {
                            return Err(format!(
                                "There is an unterminated string literal at position {} in '{text}'.",
                                text.len()
                            ));
                        }
                    }
                }
                tokens.push(quoted);
            }
            _ => {
                let mut word = String::from(letter);
                while let Some(letter) = letters
                    .peek()
                    .filter(|letter| !letter.is_whitespace() && !"(),'".contains(**letter))
                {
                    word.push(*letter);
                    letters.next();
                }
                tokens.push(word);
            }
        }
    }
    Ok(tokens)
}

struct Reader<'a> {
    tokens: &'a [String],
    at: usize,
    text: &'a str,
    entity: &'a Entity,
}

impl Reader<'_> {
    fn syntax(&self) -> String {
        let token = self.tokens.get(self.at).map_or("the end", String::as_str);
        format!("Syntax error at '{token}' in '{}'.", self.text)
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = self.tokens.get(self.at).is_some_and(|token| token == word);
        self.at += usize::from(there);
        there
    }

    fn expects(&mut self, word: &str) -> Result<(), String> {
        if self.takes(word) {
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    fn any(&mut self) -> Result<Filter, String> {
        let mut filter = self.all()?;
        while self.takes("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.all()?));
        }
        Ok(filter)
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut filter = self.one()?;
        while self.takes("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.one()?));
        }
        Ok(filter)
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.takes("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        if self.takes("(") {
            let inner = self.any()?;
            self.expects(")")?;
            return Ok(inner);
        }
        if let Some(function) = FUNCTIONS.iter().find(|name| {
            self.tokens
                .get(self.at)
                .is_some_and(|token| token == **name)
        }) {
            self.at += 1;
            self.expects("(")?;
            let whole = self.term()?;
            self.expects(",")?;
            let part = self.term()?;
            self.expects(")")?;
            return Ok(Filter::Text(function, whole, part));
        }
        let first = self.term()?;
        let operator = COMPARISONS.iter().find(|name| {
            self.tokens
                .get(self.at)
                .is_some_and(|token| token == **name)
        });
        let Some(operator) = operator else {
            return Err(self.syntax());
        };
        self.at += 1;
        Ok(Filter::Compare(first, operator, self.term()?))
    }

    fn term(&mut self) -> Result<Term, String> {
        let Some(token) = self.tokens.get(self.at) else {
            return Err(self.syntax());
        };
        self.at += 1;
        if let Some(text) = token.strip_prefix('\'') {
            return Ok(Term::Literal(json!(text)));
        }
        match token.as_str() {
            "true" => Ok(Term::Literal(json!(true))),
            "false" => Ok(Term::Literal(json!(false))),
            "null" => Ok(Term::Literal(Value::Null)),
            "tolower" => {
                self.expects("(")?;
                let inner = self.term()?;
                self.expects(")")?;
                Ok(Term::Lower(Box::new(inner)))
            }
            word => match word.parse::<i64>() {
                Ok(number) => Ok(Term::Literal(json!(number))),
                Err(_) if self.entity.has(word) => Ok(Term::Field(word.to_owned())),
                Err(_) => Err(format!(
                    "Could not find a property named '{word}' on type 'Pbx.{}'.",
                    self.entity.type_name
                )),
            },
        }
    }
}
