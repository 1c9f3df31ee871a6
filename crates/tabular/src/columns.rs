//! Which column of a file holds what, by its header.

use std::fmt;

use crate::words::WORDS;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The id that tells the rows apart.
    Id,
    /// Given name.
    Given,
    /// Family name.
    Family,
    /// The whole name.
    FullName,
    /// E-mail address.
    Email,
    /// The name to sign in with.
    Username,
    /// Phone number.
    Phone,
    /// Internal extension.
    Extension,
    /// Employee number, or the id of another system.
    ExternalId,
    /// Job title.
    Title,
    /// Department or team.
    Department,
    /// The name of the manager.
    Manager,
    /// City or site.
    City,
    /// Date of birth.
    BirthDate,
    /// Postcode.
    Postcode,
    /// Whether the account is in use.
    Active,
    /// Whether the account is no longer in use.
    Inactive,
    /// Whether the account is a human’s.
    Kind,
    /// Anything else, kept under the column's own name.
    Text,
    /// Nothing of use.
    Ignored,
}

impl Field {
    /// Every field that headers can name, in order of preference.
    pub fn named() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|(field, _)| *field)
    }

    /// The field of a name, in any spelling of a header.
    pub fn parse(text: &str) -> Option<Self> {
        let words = header_words(text);
        match words.as_str() {
            "text" => Some(Self::Text),
            "ignore" | "ignored" | "none" => Some(Self::Ignored),
            words => WORDS
                .iter()
                .find(|(_, all)| all.contains(&words))
                .map(|(field, _)| *field),
        }
    }

    /// A second column of these is taken, too.
    fn may_repeat(self) -> bool {
        matches!(
            self,
            Self::Email | Self::Phone | Self::ExternalId | Self::Text | Self::Ignored
        )
    }

    /// A second column of these says nothing new.
    fn is_redundant_twice(self) -> bool {
        matches!(
            self,
            Self::Given | Self::Family | Self::FullName | Self::Active | Self::Inactive
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Text => "text",
            Self::Ignored => "ignore",
            field => WORDS
                .iter()
                .find(|(known, _)| known == field)
                .map_or("", |(_, all)| all[0]),
        };
        formatter.write_str(&name.replace(' ', "-"))
    }
}

/// What each column holds. `given` says so for some columns already, in the order of `headers`,
/// and is believed above all; headers that say nothing known are [`Field::Text`].
pub fn assign_fields(headers: &[String], given: Vec<Option<Field>>) -> Vec<Field> {
    let words: Vec<String> = headers.iter().map(|header| header_words(header)).collect();
    let mut fields = given;
    fields.resize(headers.len(), None);
    for (field, names) in WORDS {
        for name in names {
            for place in 0..headers.len() {
                if fields[place].is_none() && words[place] == *name {
                    fields[place] = Some(taken(field, &fields));
                }
            }
        }
    }
    fields
        .into_iter()
        .zip(&words)
        .map(|(field, words)| field.unwrap_or_else(|| by_part(words)))
        .collect()
}

fn taken(field: Field, fields: &[Option<Field>]) -> Field {
    let seen = !field.may_repeat() && fields.contains(&Some(field));
    match field {
        field if !seen => field,
        field if field.is_redundant_twice() || field == Field::Id => Field::Ignored,
        _ => Field::Text,
    }
}

/// Headers that only contain a telling word: "Work Email 2", "Mobile No.".
fn by_part(words: &str) -> Field {
    let has = |wanted: &[&str]| words.split(' ').any(|word| wanted.contains(&word));
    // "Manager Email" is an address, but not this person's.
    if has(&[
        "manager",
        "supervisor",
        "vorgesetzter",
        "assistant",
        "emergency",
        "fax",
    ]) {
        Field::Text
    } else if has(&["email", "mail"])
        && !has(&["template", "signature", "encoding", "opt", "preference"])
    {
        Field::Email
    } else if has(&["phone", "telephone", "mobile"]) && !has(&["type", "preference"]) {
        Field::Phone
    } else if has(&[
        "created",
        "modified",
        "updated",
        "timestamp",
        "password",
        "photo",
    ]) {
        Field::Ignored
    } else {
        Field::Text
    }
}

/// Where the column of a name is: exactly, or by the words of its header.
pub fn column_named(headers: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    headers
        .iter()
        .position(|header| header == name)
        .or_else(|| {
            let words = header_words(name);
            headers
                .iter()
                .position(|header| header_words(header) == words)
        })
}

/// Lower-case words of a header: `FirstName`, `first_name`, `First Name` and `first-name` are one.
pub fn header_words(header: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for character in header.chars() {
        if character.is_alphanumeric() {
            if character.is_uppercase() && before.is_lowercase() {
                out.push(' ');
            }
            out.extend(character.to_lowercase().map(unaccented));
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        before = character;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Enough for the headers of the word list.
fn unaccented(character: char) -> char {
    match character {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headers: &[&str]) -> Vec<Field> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        assign_fields(&headers, Vec::new())
    }

    #[test]
    fn headers_are_understood_in_any_spelling() {
        for header in ["FirstName", "first_name", "First Name", "VORNAME"] {
            assert_eq!(found(&[header]), [Field::Given], "{header}");
        }
        assert_eq!(
            found(&["Work Email 2", "Mobile No."]),
            [Field::Email, Field::Phone]
        );
    }

    #[test]
    fn a_manager_is_a_name_but_the_managers_address_is_not_the_persons() {
        for header in [
            "Manager",
            "ReportsTo",
            "line_manager",
            "Vorgesetzter",
            "Responsable",
        ] {
            assert_eq!(found(&[header]), [Field::Manager], "{header}");
        }
        assert_eq!(
            found(&["Manager Email", "manager_id", "Assistant Phone"]),
            [Field::Text; 3]
        );
    }

    #[test]
    fn a_place_of_work_is_a_city() {
        for header in ["Office Location", "site", "Standort", "Città"] {
            assert_eq!(found(&[header]), [Field::City], "{header}");
        }
    }

    #[test]
    fn what_is_said_is_believed_above_all() {
        let headers = ["id".to_owned(), "name".to_owned()];
        let fields = assign_fields(&headers, vec![Some(Field::ExternalId), None]);
        assert_eq!(fields, [Field::ExternalId, Field::FullName]);
    }

    #[test]
    fn a_second_column_of_a_kind_is_kept_where_it_says_something_new() {
        assert_eq!(
            found(&["email", "email address"]),
            [Field::Email, Field::Email]
        );
        assert_eq!(found(&["title", "position"]), [Field::Title, Field::Text]);
    }
}
