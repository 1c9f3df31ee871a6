//! The words of `conditions`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::conditions::Operator;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A field, an operator in letters, `true`, `false`, `null`.
    Word(String),
    /// In single or double quotes.
    Text(String),
    /// In brackets.
    Time(Timestamp),
    Number(f64),
    Operator(Operator),
    Open,
    Close,
    Comma,
}

/// Takes a text apart; the error is a sentence.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut rest = text.trim_start();
    let mut all = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\'' | '"' => {
                let inner = until(rest, first)?;
                (Token::Text(inner.to_owned()), inner.len() + 2)
            }
            '[' => {
                let inner = until(rest, ']')?;
                (Token::Time(time(inner)?), inner.len() + 2)
            }
            '=' | '!' | '<' | '>' => operator(rest)?,
            _ => word(rest)?,
        };
        all.push(token);
        rest = rest[length..].trim_start();
    }
    if all.is_empty() {
        return Err("The expression is empty.".to_owned());
    }
    Ok(all)
}

/// What stands between the first character and the next `end`.
fn until(text: &str, end: char) -> Result<&str, String> {
    let inner = &text[1..];
    let at = inner
        .find(end)
        .ok_or_else(|| format!("A closing {end} is missing."))?;
    Ok(&inner[..at])
}

/// With an offset, without one (then UTC), or a day alone.
fn time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    let day = || {
        text.parse::<Date>()
            .map(|day| day.to_datetime(jiff::civil::Time::midnight()))
    };
    text.parse::<Timestamp>()
        .or_else(|_| {
            let local: DateTime = text.parse().or_else(|_| day())?;
            local.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp())
        })
        .map_err(|_| format!("[{text}] is not a date."))
}

fn operator(text: &str) -> Result<(Token, usize), String> {
    let known = [
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("!=", Operator::NotEqual),
        ("<>", Operator::NotEqual),
        ("=", Operator::Equal),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];
    let found = known.iter().find(|(sign, _)| text.starts_with(sign));
    found
        .map(|(sign, operator)| (Token::Operator(*operator), sign.len()))
        .ok_or_else(|| "! is not a valid operator.".to_owned())
}

fn word(text: &str) -> Result<(Token, usize), String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '.' | '-' | ':');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    if length == 0 {
        let first = text.chars().next().unwrap_or_default();
        return Err(format!("{first} is not expected there."));
    }
    let word = &text[..length];
    let token = match word.parse::<f64>() {
        Ok(number) if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            Token::Number(number)
        }
        _ => Token::Word(word.to_owned()),
    };
    Ok((token, length))
}
