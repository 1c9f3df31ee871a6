//! Which column of a file is what.

use std::fmt;

use super::error::MatchError;
use super::headers::{Field, WORDS};

impl Field {
    /// Reads the name that `--map` uses.
    fn parse(text: &str) -> Option<Self> {
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

/// One side of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    A,
    B,
}

/// `--map a:Work Mail=email`: a column by its header, and what it holds. Without `a:` or `b:` it
/// counts for both files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnMap {
    side: Option<Side>,
    column: String,
    field: Field,
}

impl std::str::FromStr for ColumnMap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (column, field) = text
            .rsplit_once('=')
            .ok_or("expected [a:|b:]COLUMN=FIELD, for example a:Work Mail=email")?;
        let (side, column) = match column.split_once(':') {
            Some(("a" | "A", column)) => (Some(Side::A), column),
            Some(("b" | "B", column)) => (Some(Side::B), column),
            _ => (None, column),
        };
        let field = Field::parse(field).ok_or_else(|| {
            let names: Vec<String> = WORDS.iter().map(|(field, _)| field.to_string()).collect();
            format!(
                "unknown field '{field}': use one of {}, text, ignore",
                names.join(", ")
            )
        })?;
        Ok(Self {
            side,
            column: column.trim().to_owned(),
            field,
        })
    }
}

/// What each column of one file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// By column.
    pub(super) fields: Vec<Field>,
    /// The column of the record id.
    pub(super) id: usize,
    /// Headers as in the file.
    pub(super) headers: Vec<String>,
}

impl Columns {
    /// Finds the columns by their headers, with the command line's word above all.
    pub(super) fn find(
        headers: &[String],
        side: Side,
        id: Option<&str>,
        maps: &[ColumnMap],
    ) -> Result<Self, MatchError> {
        let words: Vec<String> = headers.iter().map(|header| header_words(header)).collect();
        let mut fields: Vec<Option<Field>> = vec![None; headers.len()];
        for map in maps
            .iter()
            .filter(|map| map.side.is_none_or(|of| of == side))
        {
            match column_named(headers, &map.column) {
                Some(place) => fields[place] = Some(map.field),
                None if map.side.is_none() => {}
                None => return Err(unknown_column(headers, &map.column)),
            }
        }
        let own_id = if side == Side::A { "a id" } else { "b id" };
        let named_id = match id {
            Some(id) => Some(column_named(headers, id).ok_or_else(|| unknown_column(headers, id))?),
            None => fields
                .iter()
                .position(|field| *field == Some(Field::Id))
                .or_else(|| words.iter().position(|header| header == own_id)),
        };
        for (field, names) in WORDS {
            for name in names {
                for place in 0..headers.len() {
                    if fields[place].is_none() && words[place] == *name {
                        fields[place] = Some(taken(field, &fields));
                    }
                }
            }
        }
        for (place, field) in fields.iter_mut().enumerate() {
            field.get_or_insert_with(|| by_part(&words[place]));
        }
        let mut fields: Vec<Field> = fields
            .into_iter()
            .map(|f| f.unwrap_or(Field::Text))
            .collect();
        let id = named_id
            .or_else(|| fields.iter().position(|field| *field == Field::Id))
            .or_else(|| only_own_id(&words, &fields));
        let id = id.ok_or_else(|| {
            let flag = if side == Side::A { "--id-a" } else { "--id-b" };
            MatchError::usage(
                format!("no id column among {}", listed(headers)),
                format!("name the column whose values are unique with {flag} COLUMN"),
            )
        })?;
        for (place, field) in fields.iter_mut().enumerate() {
            if *field == Field::Id && place != id {
                *field = Field::Ignored;
            }
        }
        // An employee number that serves as id is still an employee number.
        if fields[id] != Field::ExternalId {
            fields[id] = Field::Id;
        }
        Ok(Self {
            fields,
            id,
            headers: headers.to_vec(),
        })
    }

    /// Whether any column but the id was understood.
    pub(super) fn has_evidence(&self) -> bool {
        self.fields.iter().any(|field| {
            !matches!(
                field,
                Field::Id
                    | Field::Text
                    | Field::Ignored
                    | Field::Active
                    | Field::Inactive
                    | Field::Kind
            )
        })
    }
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
    if has(&["email", "mail"]) && !has(&["template", "signature", "encoding", "opt", "preference"])
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

/// The one column whose header has the word *id* ("Salesforce Id"), unless it is another thing's.
fn only_own_id(words: &[String], fields: &[Field]) -> Option<usize> {
    const OTHERS: [&str; 8] = [
        "manager", "profile", "role", "account", "owner", "company", "group", "queue",
    ];
    let is_own_id = |place: &usize| {
        let mut all = words[*place].split(' ');
        fields[*place] == Field::Text
            && all.clone().any(|word| word == "id")
            && !all.any(|word| OTHERS.contains(&word))
    };
    let mut found = (0..words.len()).filter(is_own_id);
    found.next().filter(|_| found.next().is_none())
}

fn column_named(headers: &[String], name: &str) -> Option<usize> {
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

fn unknown_column(headers: &[String], name: &str) -> MatchError {
    MatchError::usage(
        format!("there is no column '{name}'"),
        format!("the columns are {}", listed(headers)),
    )
}

fn listed(headers: &[String]) -> String {
    headers
        .iter()
        .map(|header| format!("'{header}'"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Lower-case words of a header: `FirstName`, `first_name`, `First Name` and `first-name` are one.
pub(super) fn header_words(header: &str) -> String {
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
        'é' | 'è' => 'e',
        'ó' => 'o',
        'í' => 'i',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headers: &[&str]) -> Vec<Field> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        Columns::find(&headers, Side::A, None, &[]).unwrap().fields
    }

    #[test]
    fn headers_are_found_in_any_spelling() {
        for headers in [
            ["Id", "FirstName", "LastName", "Email"],
            ["record_id", "first_name", "surname", "E-Mail"],
            ["USER ID", "Given Name", "Family-Name", "email address"],
        ] {
            assert_eq!(
                found(&headers),
                [Field::Id, Field::Given, Field::Family, Field::Email]
            );
        }
    }

    #[test]
    fn one_id_is_the_record_and_further_names_are_not_counted_twice() {
        assert_eq!(
            found(&[
                "unique_id",
                "full_name",
                "first_and_surname",
                "birth_place",
                "user id"
            ]),
            [
                Field::Id,
                Field::FullName,
                Field::Ignored,
                Field::Text,
                Field::Ignored
            ]
        );
    }

    #[test]
    fn several_addresses_and_numbers_are_all_used() {
        assert_eq!(
            found(&["id", "Work Email", "Private Email", "Mobile No.", "Phone"]),
            [
                Field::Id,
                Field::Email,
                Field::Email,
                Field::Phone,
                Field::Phone
            ]
        );
    }

    #[test]
    fn the_command_line_overrides_the_header() {
        let headers = ["key", "Ansprechpartner", "mail"].map(str::to_owned);
        let maps = [
            "a:Ansprechpartner=name".parse().unwrap(),
            "b:Ansprechpartner=ignore".parse().unwrap(),
            "mail=text".parse().unwrap(),
        ];
        let columns = Columns::find(&headers, Side::A, Some("key"), &maps).unwrap();
        assert_eq!(columns.fields, [Field::Id, Field::FullName, Field::Text]);
    }

    #[test]
    fn a_file_without_id_column_is_refused_with_its_columns() {
        let headers = ["name", "email"].map(str::to_owned);
        let error = Columns::find(&headers, Side::B, None, &[]).unwrap_err();
        assert_eq!(error.exit_code(), 64);
        let text = error.to_string();
        assert!(
            text.contains("'name', 'email'") && text.contains("--id-b"),
            "{text}"
        );
    }

    #[test]
    fn a_single_foreign_id_header_serves_as_id() {
        assert_eq!(
            found(&["Salesforce Id", "Profile Id", "name"]),
            [Field::Id, Field::Text, Field::FullName]
        );
    }

    #[test]
    fn a_wrong_map_says_what_is_possible() {
        assert!(
            "a:x=banana"
                .parse::<ColumnMap>()
                .unwrap_err()
                .contains("birth-date")
        );
        assert!(
            "email"
                .parse::<ColumnMap>()
                .unwrap_err()
                .contains("COLUMN=FIELD")
        );
    }
}
