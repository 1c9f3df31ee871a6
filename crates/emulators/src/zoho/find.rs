//! `GET /{module}/search`.

use axum::http::StatusCode;

use super::criteria::Criteria;
use super::errors::ApiError;
use super::list::{numbered, shown};
use super::modules::Module;
use super::people::People;
use super::product::Call;
use super::rows::{self, Row};
use crate::answer::Answer;

/// By criteria, e-mail, telephone or word, the first that is given in this order.
pub(crate) fn search(call: &Call<'_>, module: &Module) -> Result<Answer, ApiError> {
    let asked = |name| {
        let value = call.request.parameter(name);
        value.map(str::trim).filter(|value| !value.is_empty())
    };
    if let Some(criteria) = asked("criteria") {
        return by_criteria(call, module, criteria);
    }
    if let Some(email) = asked("email") {
        return by(call, module, |row| {
            row.email()
                .is_some_and(|own| own.eq_ignore_ascii_case(email))
        });
    }
    if let Some(phone) = asked("phone") {
        if !is_phone(phone) {
            return Err(ApiError::invalid_data("phone", "phone"));
        }
        let digits = digits(phone);
        return by(call, module, |row| {
            let mut own = row.phones().into_iter();
            own.any(|own| self::digits(own).contains(&digits))
        });
    }
    if let Some(word) = asked("word") {
        if word.chars().count() < 2 {
            return Err(ApiError::invalid_data("word", "at least two characters"));
        }
        let word = word.to_lowercase();
        return by(call, module, |row| has_word(&row.text(), &word));
    }
    Err(ApiError::new(
        StatusCode::BAD_REQUEST,
        "EXPECTED_PARAM_MISSING",
        "One of the expected parameter is missing: criteria, email, phone, word",
    ))
}

fn by(
    call: &Call<'_>,
    module: &Module,
    keep: impl Fn(Row<'_>) -> bool,
) -> Result<Answer, ApiError> {
    let page = numbered(call)?;
    Ok(rows::with(call, module, keep, |found| {
        shown(call, module, &found, &page, None)
    }))
}

fn by_criteria(call: &Call<'_>, module: &Module, text: &str) -> Result<Answer, ApiError> {
    let criteria = Criteria::read(text, module)?;
    let page = numbered(call)?;
    let nobody = People::default();
    Ok(rows::with(
        call,
        module,
        |row| {
            let mut record = row.record(module, &nobody);
            record["Owner"] = serde_json::json!({ "id": row.owner() });
            criteria.matches(&record)
        },
        |found| shown(call, module, &found, &page, None),
    ))
}

/// What the vendor takes for a telephone number.
fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    (3..=50).contains(&text.chars().count())
        && rest
            .chars()
            .all(|one| one.is_ascii_digit() || one.is_whitespace() || "-().".contains(one))
        && rest.chars().any(|one| one.is_ascii_digit())
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    text.contains(word)
        && (text.starts_with(word)
            || text
                .match_indices(word)
                .any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_its_beginning() {
        assert!(has_word("Ann O'Leary ann@x.example", "lea"));
        assert!(has_word("Ann O'Leary", "ann"));
        assert!(!has_word("Ann O'Leary", "eary"));
    }

    #[test]
    fn telephone_numbers_are_digits_with_the_usual_signs() {
        for good in ["+44 20 7946 0500", "(020) 7946-0500", "020"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["+", "02", "tel:020", "020 ext 5", "0044+20"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
