//! Words, values and signs of a query.

use jiff::Timestamp;

use super::Literal;
use crate::salesforce::errors::ApiError;

/// One piece of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A keyword or a name, dots included.
    Word(String),
    Value(Literal),
    /// `(`, `)`, `,` or an operator.
    Sign(&'static str),
    End,
}

/// A piece and where it starts, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) token: Token,
    pub(super) at: usize,
}

const SIGNS: &[&str] = &["<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ","];

/// The pieces from a place on.
pub(super) fn lex(query: &str, from: usize) -> Result<Vec<Spot>, ApiError> {
    let mut spots = Vec::new();
    let mut at = from;
    while let Some(first) = query[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = piece(query, at, first)?;
        spots.push(Spot { token, at });
        at += length;
    }
    spots.push(Spot {
        token: Token::End,
        at: query.len(),
    });
    Ok(spots)
}

fn piece(query: &str, at: usize, first: char) -> Result<(Token, usize), ApiError> {
    let rest = &query[at..];
    if first == '\'' {
        return text(query, at);
    }
    if first.is_ascii_alphabetic() {
        let word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
        let length = rest.find(|letter| !word(letter)).unwrap_or(rest.len());
        return Ok((Token::Word(rest[..length].to_owned()), length));
    }
    if first.is_ascii_digit() || matches!(first, '-' | '+') {
        return number(query, at);
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(malformed(
            query,
            at,
            &format!("unexpected token: '{first}'"),
        )),
    }
}

/// A quoted text. Escaped wildcards keep their backslash, for `LIKE`.
fn text(query: &str, at: usize) -> Result<(Token, usize), ApiError> {
    let mut value = String::new();
    let mut letters = query[at..].char_indices().skip(1);
    while let Some((offset, letter)) = letters.next() {
        match letter {
            '\'' => return Ok((Token::Value(Literal::Text(value)), offset + 1)),
            '\\' => match letters.next().map(|(_, escaped)| escaped) {
                Some(plain @ ('\'' | '"' | '\\')) => value.push(plain),
                Some('n' | 'N') => value.push('\n'),
                Some('r' | 'R') => value.push('\r'),
                Some('t' | 'T') => value.push('\t'),
                Some('b' | 'B') => value.push('\u{8}'),
                Some('f' | 'F') => value.push('\u{c}'),
                Some(wildcard @ ('_' | '%')) => {
                    value.push('\\');
                    value.push(wildcard);
                }
                Some(_) => {
                    return Err(malformed(
                        query,
                        at + offset,
                        "Invalid string literal. Illegal character sequence in string literal.",
                    ));
                }
                None => break,
            },
            plain => value.push(plain),
        }
    }
    Err(malformed(query, at, "unexpected char: '''"))
}

/// A number, or a date and time, which is written without quotes.
fn number(query: &str, at: usize) -> Result<(Token, usize), ApiError> {
    let rest = &query[at..];
    let part =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | ':' | '-' | '+');
    let length = rest.find(|letter| !part(letter)).unwrap_or(rest.len());
    let written = &rest[..length];
    let literal = match written.parse::<f64>() {
        Ok(number) => Literal::Number(number),
        Err(_) => Literal::DateTime(
            date_time(written)
                .ok_or_else(|| malformed(query, at, &format!("unexpected token: '{written}'")))?,
        ),
    };
    Ok((Token::Value(literal), length))
}

/// `2026-01-01T00:00:00Z`, with an offset instead of `Z` with or without its colon, or a date
/// alone, which means midnight.
fn date_time(written: &str) -> Option<Timestamp> {
    if written.len() == 10 {
        return format!("{written}T00:00:00Z").parse().ok();
    }
    written
        .contains('T')
        .then(|| written.parse().ok())
        .flatten()
}

/// A `MALFORMED_QUERY` with the place marked as Salesforce marks it.
pub(super) fn malformed(query: &str, at: usize, what: &str) -> ApiError {
    ApiError::bad("MALFORMED_QUERY", pointed(query, at, what))
}

/// The query around the place, a caret below it, row and column, and what is wrong.
pub(super) fn pointed(query: &str, at: usize, what: &str) -> String {
    let flat = query.replace(['\n', '\r', '\t'], " ");
    let at = at.min(flat.len());
    let before: Vec<char> = flat[..at].chars().collect();
    let shown = before.len().min(40);
    let head: String = before[before.len() - shown..].iter().collect();
    let tail: String = flat[at..].chars().take(20).collect();
    let row = query[..at].matches('\n').count() + 1;
    let column = query[..at]
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    format!(
        "\n{head}{tail}\n{}^\nERROR at Row:{row}:Column:{column}\n{what}",
        " ".repeat(shown)
    )
}
