//! Search: words and `name:value` terms, all of which must fit.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::paging::by_number;
use super::users::Someone;
use super::{Zendesk, errors};
use crate::answer::{Answer, ApiRequest};
use crate::records::Record;

/// The most results of the search over everything.
const MOST_RESULTS: usize = 1_000;

/// The most results of the search for users.
const MOST_USERS: usize = 10_000;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    /// Empty for a bare word.
    name: String,
    /// `:`, `<` or `>`.
    operator: char,
    value: String,
}

/// Splits at spaces outside of quotes.
fn terms(query: &str) -> Vec<Term> {
    let mut words: Vec<String> = vec![String::new()];
    let mut quoted = false;
    for letter in query.chars() {
        match letter {
            '"' => quoted = !quoted,
            _ if letter.is_whitespace() && !quoted => words.push(String::new()),
            _ => {
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words.into_iter().map(|word| term(&word)).collect()
}

fn term(word: &str) -> Term {
    let parted = word
        .char_indices()
        .find(|(_, letter)| [':', '<', '>'].contains(letter))
        .filter(|(at, _)| *at > 0);
    match parted {
        None => Term {
            name: String::new(),
            operator: ':',
            value: word.to_owned(),
        },
        Some((at, operator)) => Term {
            name: word[..at].to_lowercase(),
            operator,
            value: word[at + 1..].to_owned(),
        },
    }
}

/// Whether a text fits a wanted one, in which a star at either end stands for anything.
fn fits(text: &str, wanted: &str) -> bool {
    let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
    match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
        (Some(rest), None) => text.ends_with(rest),
        (None, Some(rest)) => text.starts_with(rest),
        (Some(_), Some(_)) => text.contains(wanted.trim_matches('*')),
        (None, None) => text == wanted,
    }
}

/// Numbers are kept by their digits. A `+` in the query is none of them, so nothing is found.
fn fits_phone(number: &str, wanted: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    !digits.is_empty() && !wanted.is_empty() && fits(&digits, wanted)
}

fn compares(time: Timestamp, term: &Term) -> bool {
    let parsed = term.value.parse::<Timestamp>().ok().or_else(|| {
        let day: Date = term.value.parse().ok()?;
        day.to_zoned(TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    });
    parsed.is_some_and(|wanted| match term.operator {
        '<' => time < wanted,
        '>' => time > wanted,
        _ => time == wanted,
    })
}

impl Zendesk {
    /// `GET /users/search?query=…` or `?external_id=…`.
    pub(crate) fn search_users(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let wanted = match (request.parameter("query"), request.parameter("external_id")) {
            (Some(query), _) => terms(query),
            (None, Some(id)) => vec![Term {
                name: "external_id".to_owned(),
                operator: ':',
                value: id.to_owned(),
            }],
            (None, None) => return Err(errors::bad_body("query")),
        };
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let found: Vec<Someone<'_>> = Someone::all(&directory, &contacts)
            .filter(|someone| self.user_fits(someone, &wanted))
            .collect();
        let page = by_number(&self.core, request, found.len(), MOST_USERS)?;
        let rows = found[page.rows.clone()].iter();
        let rows = rows.map(|someone| self.show(*someone)).collect();
        Ok(page.answer("users", rows))
    }

    /// `GET /users/autocomplete?name=…`: the beginning of a name, two letters at least.
    pub(crate) fn autocomplete(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let name = request.parameter("name").unwrap_or_default().to_lowercase();
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let found: Vec<Someone<'_>> = Someone::all(&directory, &contacts)
            .filter(|someone| {
                let full = someone.full_name().to_lowercase();
                let begins = full.split(' ').any(|word| word.starts_with(&name));
                !someone.is_deleted() && name.len() >= 2 && begins
            })
            .collect();
        let page = by_number(&self.core, request, found.len(), MOST_USERS)?;
        let rows = found[page.rows.clone()].iter();
        let rows = rows.map(|someone| self.show(*someone)).collect();
        Ok(page.answer("users", rows))
    }

    fn user_fits(&self, someone: &Someone<'_>, wanted: &[Term]) -> bool {
        !someone.is_deleted() && wanted.iter().all(|term| self.user_fits_term(someone, term))
    }

    fn user_fits_term(&self, someone: &Someone<'_>, term: &Term) -> bool {
        let wanted = term.value.as_str();
        match term.name.as_str() {
            "type" => wanted == "user",
            "role" => match wanted {
                "end-user" | "enduser" => someone.role() == "end-user",
                other => someone.role() == other,
            },
            "phone" => someone.phones().any(|phone| fits_phone(phone, wanted)),
            "email" => someone.email().is_some_and(|email| fits(email, wanted)),
            "name" => {
                let name = someone.full_name();
                fits(&name, wanted) || name.split(' ').any(|word| fits(word, wanted))
            }
            "external_id" => {
                let own = self.external_id_of(someone);
                own.is_some_and(|own| fits(&own, wanted))
            }
            "is" => wanted != "suspended" || someone.is_suspended(),
            "updated" | "updated_at" => compares(someone.modified(), term),
            "" => {
                let wanted = wanted.to_lowercase();
                let name = someone.full_name().to_lowercase();
                let email = someone.email().unwrap_or_default().to_lowercase();
                let word = |text: &str| text.split([' ', '@', '.']).any(|part| fits(part, &wanted));
                email == wanted || word(&name) || word(&email)
            }
            _ => false,
        }
    }

    /// `GET /search?query=…` over users and tickets.
    pub(crate) fn search(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let Some(query) = request.parameter("query").filter(|query| !query.is_empty()) else {
            let text = "Invalid search: the query is missing";
            return Err(errors::of(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                text,
            ));
        };
        let wanted = terms(query);
        let mut rows = self.found_users(&wanted);
        rows.extend(self.found_tickets(&wanted));
        let page = by_number(&self.core, request, rows.len(), MOST_RESULTS).map_err(|_| {
            let text =
                "Invalid search: Requested response size was greater than Search Response Limits";
            errors::of(StatusCode::UNPROCESSABLE_ENTITY, "invalid", text)
        })?;
        let shown = rows[page.rows.clone()].to_vec();
        let mut page = page;
        page.around.insert("facets".to_owned(), Value::Null);
        Ok(page.answer("results", shown))
    }

    fn found_users(&self, wanted: &[Term]) -> Vec<Value> {
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        Someone::all(&directory, &contacts)
            .filter(|someone| self.user_fits(someone, wanted))
            .take(MOST_RESULTS)
            .map(|someone| {
                let mut row = self.show(someone);
                row["result_type"] = json!("user");
                row
            })
            .collect()
    }

    fn found_tickets(&self, wanted: &[Term]) -> Vec<Value> {
        let records = self.core.records();
        records
            .of("ticket")
            .filter(|ticket| wanted.iter().all(|term| ticket_fits(ticket, term)))
            .map(|ticket| {
                let mut row = ticket.fields.clone();
                row["result_type"] = json!("ticket");
                row
            })
            .collect()
    }
}

fn ticket_fits(ticket: &Record, term: &Term) -> bool {
    let (fields, wanted) = (&ticket.fields, term.value.as_str());
    let is = |name: &str| match &fields[name] {
        Value::String(text) => fits(text, wanted),
        Value::Number(number) => number.to_string() == wanted,
        _ => wanted == "none",
    };
    let has_tag = |tags: &Vec<Value>| {
        let mut tags = tags.iter().filter_map(Value::as_str);
        tags.any(|tag| fits(tag, wanted))
    };
    match term.name.as_str() {
        "type" => wanted == "ticket",
        "status" | "priority" | "external_id" | "subject" | "via" => is(&term.name),
        "requester" | "requester_id" => is("requester_id"),
        "assignee" | "assignee_id" => is("assignee_id"),
        "tags" => fields["tags"].as_array().is_some_and(has_tag),
        "created" | "created_at" => compares(ticket.created, term),
        "updated" | "updated_at" => compares(ticket.modified, term),
        "" => {
            let text = format!("{} {}", fields["subject"], fields["description"]).to_lowercase();
            text.contains(&wanted.to_lowercase())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_its_last_digits_only_with_a_star() {
        assert!(fits_phone("+44 (0)20 7946 0123", "*2079460123"));
        assert!(!fits_phone("+44 (0)20 7946 0123", "2079460123"));
        assert!(fits_phone("020 7946 0123", "02079460123"));
        assert!(!fits_phone("+442079460123", "+442079460123"));
        assert!(!fits_phone("", "*"), "no number is no match");
    }

    #[test]
    fn quotes_keep_words_together() {
        let read = terms("role:end-user name:\"Anna Meyer\" plain");
        let values: Vec<&str> = read.iter().map(|term| term.value.as_str()).collect();
        assert_eq!(values, ["end-user", "Anna Meyer", "plain"]);
        assert_eq!(read[1].name, "name");
    }
}
