//! Searches: `FIND {term} IN … FIELDS RETURNING …`.

use super::parser::Parser;
use super::{Path, Query, Select};
use crate::salesforce::errors::ApiError;

/// A search as written.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) term: Vec<Vec<Item>>,
    pub(crate) group: Group,
    /// What to answer with; nothing asked for means all searchable objects.
    pub(crate) returning: Vec<Query>,
    pub(crate) limit: Option<usize>,
}

/// Which fields are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    All,
    Name,
    Email,
    Phone,
}

/// A word or a quoted phrase; with `negated`, none that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) negated: bool,
    pub(crate) letters: Vec<Letter>,
}

/// A letter of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letter {
    Is(char),
    /// `*`
    Any,
    /// `?`
    One,
}

impl Group {
    /// The group of that name in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "ALL" | "SIDEBAR" => Self::All,
            "NAME" => Self::Name,
            "EMAIL" => Self::Email,
            "PHONE" => Self::Phone,
            _ => return None,
        })
    }
}

/// Letters that must be escaped in a term between braces.
const RESERVED: &[char] = &[
    '&', '|', '!', '{', '}', '[', ']', '(', ')', '^', '~', ':', '\'', '+', '-',
];

/// Reads a search.
pub(crate) fn parse_search(text: &str) -> Result<Search, ApiError> {
    let open = text
        .trim_start()
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("FIND"))
        .and_then(|_| text.find('{'))
        .ok_or_else(|| {
            malformed("No search term found. The search term must be enclosed in braces.")
        })?;
    let length = term_length(&text[open + 1..])?;
    let term = parse_term(&text[open + 1..open + 1 + length], true)?;
    let mut parser = Parser::at(text, open + length + 2).map_err(as_search)?;
    read_rest(&mut parser, term).map_err(as_search)
}

fn read_rest(parser: &mut Parser<'_>, term: Vec<Vec<Item>>) -> Result<Search, ApiError> {
    let mut group = Group::All;
    if parser.take_word("IN") {
        let name = parser.name()?;
        group = Group::named(&name).ok_or_else(|| parser.unexpected())?;
        parser.need_word("FIELDS")?;
    }
    let mut returning = Vec::new();
    if parser.take_word("RETURNING") {
        loop {
            returning.push(object(parser)?);
            if !parser.take_sign(",") {
                break;
            }
        }
    }
    let limit = if parser.take_word("LIMIT") {
        Some(parser.whole_number()?)
    } else {
        None
    };
    parser.end()?;
    Ok(Search {
        term,
        group,
        returning,
        limit,
    })
}

fn object(parser: &mut Parser<'_>) -> Result<Query, ApiError> {
    let name = parser.name()?;
    if !parser.take_sign("(") {
        return Ok(only_ids(name));
    }
    let select = parser.select()?;
    let query = parser.clauses(select, name)?;
    parser.need_sign(")")?;
    Ok(query)
}

/// All of an object, of which only the ids are shown.
pub(crate) fn only_ids(object: String) -> Query {
    let id = Path {
        parts: vec!["Id".to_owned()],
        at: 0,
    };
    Query {
        select: Select::Paths(vec![id]),
        object,
        condition: None,
        order: Vec::new(),
        limit: None,
        offset: 0,
    }
}

/// Up to the brace that closes the term.
fn term_length(text: &str) -> Result<usize, ApiError> {
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '}' => return Ok(at),
            _ => {}
        }
    }
    Err(malformed("unexpected token: '<EOF>'"))
}

/// Alternatives, each of items that must all be found. Between braces reserved letters are to be
/// escaped; elsewhere a term is plain text.
pub(crate) fn parse_term(text: &str, in_braces: bool) -> Result<Vec<Vec<Item>>, ApiError> {
    let mut alternatives = vec![Vec::new()];
    let mut negated = false;
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (letters, length) = item(rest, in_braces)?;
        let word = &rest[..length];
        rest = rest[length..].trim_start();
        match word {
            "OR" => alternatives.push(Vec::new()),
            "AND" => {}
            "NOT" => negated = true,
            _ => {
                let last = alternatives.len() - 1;
                alternatives[last].push(Item { negated, letters });
                negated = false;
            }
        }
    }
    let known = alternatives.iter().flatten().flat_map(|item| &item.letters);
    if known.filter(|letter| **letter != Letter::Any).count() < 2 {
        return Err(malformed(&format!(
            "search term must be longer than one character: {text}"
        )));
    }
    alternatives.retain(|items| !items.is_empty());
    Ok(alternatives)
}

/// The letters of the first word or phrase, and how many bytes it takes.
fn item(text: &str, in_braces: bool) -> Result<(Vec<Letter>, usize), ApiError> {
    let quoted = text.starts_with('"');
    let mut found = Vec::new();
    let mut letters = text.char_indices().skip(usize::from(quoted));
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if quoted => return Ok((found, at + 1)),
            space if space.is_whitespace() && !quoted => return Ok((found, at)),
            '\\' => match letters.next() {
                Some((_, escaped)) => found.push(Letter::Is(escaped)),
                None => return Err(malformed("unexpected token: '\\'")),
            },
            '*' => found.push(Letter::Any),
            '?' => found.push(Letter::One),
            reserved if in_braces && (RESERVED.contains(&reserved) || reserved == '"') => {
                return Err(malformed(&format!("unexpected token: '{reserved}'")));
            }
            plain => found.push(Letter::Is(plain)),
        }
    }
    if quoted {
        return Err(malformed("unexpected token: '\"'"));
    }
    Ok((found, text.len()))
}

fn malformed(what: &str) -> ApiError {
    ApiError::bad("MALFORMED_SEARCH", what)
}

/// What is wrong with a query is wrong with the search it is part of.
fn as_search(error: ApiError) -> ApiError {
    match error.code {
        "MALFORMED_QUERY" => ApiError {
            code: "MALFORMED_SEARCH",
            ..error
        },
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_by_phone_is_read() {
        let search = parse_search(
            "FIND {\\+44 20 7946} IN PHONE FIELDS RETURNING Contact(Id, Account.Name WHERE \
             Email != null LIMIT 5), Lead LIMIT 10",
        )
        .expect("a good search");
        assert_eq!(search.group, Group::Phone);
        assert_eq!(search.term[0].len(), 3);
        assert_eq!(search.returning.len(), 2);
        assert_eq!(search.returning[0].limit, Some(5));
        assert_eq!(search.limit, Some(10));
    }

    #[test]
    fn reserved_letters_must_be_escaped() {
        for bad in [
            "FIND {+44207}",
            "FIND {a}b}",
            "FIND {(020) 7946}",
            "FIND 44207",
            "FIND {4}",
        ] {
            let error = parse_search(bad).expect_err(bad);
            assert_eq!(error.code, "MALFORMED_SEARCH", "{bad}");
        }
    }
}
