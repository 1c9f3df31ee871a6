//! From pieces to a query, by descent.

use super::lexer::{Spot, Token, lex, malformed};
use super::{Condition, Literal, Operator, Order, Path, Query, Select};
use crate::salesforce::errors::ApiError;

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<Query, ApiError> {
    if text.trim().is_empty() {
        return Err(malformed(
            text,
            0,
            "SOQL statements can not be empty or null",
        ));
    }
    let mut parser = Parser::at(text, 0)?;
    let query = parser.query()?;
    parser.end()?;
    Ok(query)
}

pub(super) struct Parser<'a> {
    text: &'a str,
    spots: Vec<Spot>,
    next: usize,
}

impl<'a> Parser<'a> {
    /// Reads a text from a place on.
    pub(super) fn at(text: &'a str, from: usize) -> Result<Self, ApiError> {
        Ok(Self {
            text,
            spots: lex(text, from)?,
            next: 0,
        })
    }

    /// Nothing may follow.
    pub(super) fn end(&self) -> Result<(), ApiError> {
        match self.peek() {
            Token::End => Ok(()),
            _ => Err(self.unexpected()),
        }
    }

    fn spot(&self) -> &Spot {
        // The last piece is the end, which nothing steps over.
        &self.spots[self.next.min(self.spots.len() - 1)]
    }

    fn peek(&self) -> &Token {
        &self.spot().token
    }

    fn step(&mut self) {
        self.next += 1;
    }

    pub(super) fn unexpected(&self) -> ApiError {
        let what = match self.peek() {
            Token::Word(word) => format!("unexpected token: '{word}'"),
            Token::Sign(sign) => format!("unexpected token: '{sign}'"),
            Token::Value(Literal::Text(text)) => format!("unexpected token: '{text}'"),
            Token::Value(_) => "unexpected token: a value".to_owned(),
            Token::End => "unexpected token: '<EOF>'".to_owned(),
        };
        malformed(self.text, self.spot().at, &what)
    }

    fn is_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn take_word(&mut self, keyword: &str) -> bool {
        let taken = self.is_word(keyword);
        if taken {
            self.step();
        }
        taken
    }

    pub(super) fn need_word(&mut self, keyword: &str) -> Result<(), ApiError> {
        if self.take_word(keyword) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let taken = matches!(self.peek(), Token::Sign(found) if *found == sign);
        if taken {
            self.step();
        }
        taken
    }

    pub(super) fn need_sign(&mut self, sign: &str) -> Result<(), ApiError> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn name(&mut self) -> Result<String, ApiError> {
        match self.peek() {
            Token::Word(word) => {
                let word = word.clone();
                self.step();
                Ok(word)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn query(&mut self) -> Result<Query, ApiError> {
        self.need_word("SELECT")?;
        let select = self.select()?;
        self.need_word("FROM")?;
        let object = self.name()?;
        self.clauses(select, object)
    }

    /// `WHERE`, `ORDER BY`, `LIMIT` and `OFFSET`, as far as they are there.
    pub(super) fn clauses(&mut self, select: Select, object: String) -> Result<Query, ApiError> {
        let condition = if self.take_word("WHERE") {
            Some(self.condition()?)
        } else {
            None
        };
        let order = if self.take_word("ORDER") {
            self.need_word("BY")?;
            self.order()?
        } else {
            Vec::new()
        };
        let limit = if self.take_word("LIMIT") {
            Some(self.whole_number()?)
        } else {
            None
        };
        let offset_at = self.spot().at;
        let offset = if self.take_word("OFFSET") {
            self.whole_number()?
        } else {
            0
        };
        if offset > 2000 {
            let message = "Maximum SOQL offset allowed is 2000";
            let message = super::lexer::pointed(self.text, offset_at, message);
            return Err(ApiError::bad("NUMBER_OUTSIDE_VALID_RANGE", message));
        }
        Ok(Query {
            select,
            object,
            condition,
            order,
            limit,
            offset,
        })
    }

    pub(super) fn select(&mut self) -> Result<Select, ApiError> {
        let mut paths = Vec::new();
        loop {
            let at = self.spot().at;
            let name = self.name()?;
            if self.take_sign("(") {
                return self.function(&name);
            }
            if !is_path(&name) {
                return Err(malformed(
                    self.text,
                    at,
                    &format!("unexpected token: '{name}'"),
                ));
            }
            paths.push(path(&name, at));
            if !self.take_sign(",") {
                return Ok(Select::Paths(paths));
            }
        }
    }

    /// The rest of `COUNT()` or `FIELDS(…)`, which stand alone here.
    fn function(&mut self, name: &str) -> Result<Select, ApiError> {
        let select = if name.eq_ignore_ascii_case("COUNT") {
            Select::Count
        } else if name.eq_ignore_ascii_case("FIELDS") {
            let all = self.is_word("ALL");
            if !all && !self.is_word("STANDARD") {
                return Err(self.unexpected());
            }
            self.step();
            Select::Fields { all }
        } else {
            return Err(self.unexpected());
        };
        self.need_sign(")")?;
        Ok(select)
    }

    /// One condition, or several joined by one word; `AND` and `OR` mix only with parentheses.
    fn condition(&mut self) -> Result<Condition, ApiError> {
        let first = self.single()?;
        let joined_by = ["AND", "OR"].into_iter().find(|word| self.is_word(word));
        let Some(word) = joined_by else {
            return Ok(first);
        };
        let mut all = vec![first];
        while self.take_word(word) {
            all.push(self.single()?);
        }
        if self.is_word("AND") || self.is_word("OR") {
            return Err(self.unexpected());
        }
        Ok(if word == "AND" {
            Condition::And(all)
        } else {
            Condition::Or(all)
        })
    }

    fn single(&mut self) -> Result<Condition, ApiError> {
        if self.take_sign("(") {
            let inner = self.condition()?;
            self.need_sign(")")?;
            return Ok(inner);
        }
        if self.take_word("NOT") {
            return Ok(Condition::Not(Box::new(self.single()?)));
        }
        let at = self.spot().at;
        let name = self.name()?;
        if !is_path(&name) {
            return Err(malformed(
                self.text,
                at,
                &format!("unexpected token: '{name}'"),
            ));
        }
        let field = path(&name, at);
        if self.take_word("NOT") {
            self.need_word("IN")?;
            return Ok(Condition::In(field, false, self.list()?));
        }
        if self.take_word("IN") {
            return Ok(Condition::In(field, true, self.list()?));
        }
        let operator = self.operator()?;
        Ok(Condition::Compare(field, operator, self.literal()?))
    }

    fn operator(&mut self) -> Result<Operator, ApiError> {
        let operator = match self.peek() {
            Token::Sign("=") => Operator::Equal,
            Token::Sign("!=" | "<>") => Operator::NotEqual,
            Token::Sign("<") => Operator::Less,
            Token::Sign("<=") => Operator::LessOrEqual,
            Token::Sign(">") => Operator::Greater,
            Token::Sign(">=") => Operator::GreaterOrEqual,
            Token::Word(word) if word.eq_ignore_ascii_case("LIKE") => Operator::Like,
            _ => return Err(self.unexpected()),
        };
        self.step();
        Ok(operator)
    }

    fn list(&mut self) -> Result<Vec<Literal>, ApiError> {
        self.need_sign("(")?;
        let mut values = vec![self.literal()?];
        while self.take_sign(",") {
            values.push(self.literal()?);
        }
        self.need_sign(")")?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Literal, ApiError> {
        let literal = match self.peek() {
            Token::Value(value) => value.clone(),
            Token::Word(word) if word.eq_ignore_ascii_case("null") => Literal::Null,
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Literal::Boolean(true),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Literal::Boolean(false),
            _ => return Err(self.unexpected()),
        };
        self.step();
        Ok(literal)
    }

    fn order(&mut self) -> Result<Vec<Order>, ApiError> {
        let mut keys = Vec::new();
        loop {
            let at = self.spot().at;
            let path = path(&self.name()?, at);
            let descending = self.take_word("DESC");
            if !descending {
                self.take_word("ASC");
            }
            let mut nulls_last = false;
            if self.take_word("NULLS") {
                nulls_last = self.take_word("LAST");
                if !nulls_last {
                    self.need_word("FIRST")?;
                }
            }
            keys.push(Order {
                path,
                descending,
                nulls_last,
            });
            if !self.take_sign(",") {
                return Ok(keys);
            }
        }
    }

    pub(super) fn whole_number(&mut self) -> Result<usize, ApiError> {
        let Token::Value(Literal::Number(number)) = *self.peek() else {
            return Err(self.unexpected());
        };
        // Parsed again as text, because a float does not convert exactly.
        let Ok(whole) = number.to_string().parse() else {
            return Err(self.unexpected());
        };
        self.step();
        Ok(whole)
    }
}

fn is_path(name: &str) -> bool {
    name.split('.').all(|part| !part.is_empty())
}

fn path(name: &str, at: usize) -> Path {
    Path {
        parts: name.split('.').map(str::to_owned).collect(),
        at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_with_everything_is_read() {
        let query = parse(
            "select Id, Profile.Name from User where (IsActive = true and Email like 'a%') \
             order by SystemModstamp desc nulls last, Id limit 10 offset 5",
        )
        .expect("a good query");
        assert_eq!(query.object, "User");
        assert_eq!((query.limit, query.offset), (Some(10), 5));
        assert!(matches!(query.condition, Some(Condition::And(all)) if all.len() == 2));
        assert!(query.order[0].descending && query.order[0].nulls_last);
    }

    #[test]
    fn and_with_or_needs_parentheses() {
        let error = parse("SELECT Id FROM User WHERE IsActive = true AND Id != null OR Name = 'x'")
            .expect_err("mixed without parentheses");
        assert_eq!(error.code, "MALFORMED_QUERY");
        assert!(
            error.message.contains("unexpected token: 'OR'"),
            "{}",
            error.message
        );
    }

    #[test]
    fn an_error_points_at_its_place() {
        let error = parse("SELECT Id FRUM User").expect_err("a misspelt keyword");
        assert_eq!(
            error.message,
            "\nSELECT Id FRUM User\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FRUM'"
        );
    }

    #[test]
    fn dates_are_read_with_every_offset() {
        for date in [
            "2026-01-01T00:00:00Z",
            "2026-01-01T01:00:00+01:00",
            "2026-01-01T01:00:00.000+0100",
        ] {
            let query = parse(&format!("SELECT Id FROM User WHERE CreatedDate > {date}"));
            let Some(Condition::Compare(_, _, Literal::DateTime(time))) =
                query.expect("a good query").condition
            else {
                panic!("{date} is a date");
            };
            assert_eq!(time.as_second(), 1_767_225_600);
        }
    }
}
