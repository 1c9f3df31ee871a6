//! Which column of a file is what.

use counterpart_tabular::{Field, assign_fields, column_named, header_words};

use super::error::MatchError;

/// Which of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    A,
    B,
}

/// `--map a:Work Mail=email`: a column by its header, and what it holds. Without `a:` or `b:` it
/// counts for both files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnMap {
    origin: Option<Origin>,
    column: String,
    field: Field,
}

impl std::str::FromStr for ColumnMap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (column, field) = text
            .rsplit_once('=')
            .ok_or("expected [a:|b:]COLUMN=FIELD, for example a:Work Mail=email")?;
        let (origin, column) = match column.split_once(':') {
            Some(("a" | "A", column)) => (Some(Origin::A), column),
            Some(("b" | "B", column)) => (Some(Origin::B), column),
            _ => (None, column),
        };
        let field = Field::parse(field).ok_or_else(|| {
            let names: Vec<String> = Field::named().map(|field| field.to_string()).collect();
            format!(
                "unknown field '{field}': use one of {}, text, ignore",
                names.join(", ")
            )
        })?;
        Ok(Self {
            origin,
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
        origin: Origin,
        id: Option<&str>,
        maps: &[ColumnMap],
    ) -> Result<Self, MatchError> {
        let words: Vec<String> = headers.iter().map(|header| header_words(header)).collect();
        let mut fields: Vec<Option<Field>> = vec![None; headers.len()];
        for map in maps
            .iter()
            .filter(|map| map.origin.is_none_or(|of| of == origin))
        {
            match column_named(headers, &map.column) {
                Some(place) => fields[place] = Some(map.field),
                None if map.origin.is_none() => {}
                None => return Err(unknown_column(headers, &map.column)),
            }
        }
        let own_id = if origin == Origin::A { "a id" } else { "b id" };
        let named_id = match id {
            Some(id) => Some(column_named(headers, id).ok_or_else(|| unknown_column(headers, id))?),
            None => fields
                .iter()
                .position(|field| *field == Some(Field::Id))
                .or_else(|| words.iter().position(|header| header == own_id)),
        };
        let mut fields = assign_fields(headers, fields);
        let id = named_id
            .or_else(|| fields.iter().position(|field| *field == Field::Id))
            .or_else(|| only_own_id(&words, &fields));
        let id = id.ok_or_else(|| {
            let flag = if origin == Origin::A {
                "--id-a"
            } else {
                "--id-b"
            };
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

    /// The headers of the columns that are compared as text, in order.
    pub(super) fn text_headers(&self) -> Vec<String> {
        let fields = self.headers.iter().zip(&self.fields);
        fields
            .filter(|(_, field)| **field == Field::Text)
            .map(|(header, _)| header.clone())
            .collect()
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

/// The one column whose header has the word *id* ("Crm Id"), unless it is another thing's.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headers: &[&str]) -> Vec<Field> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        Columns::find(&headers, Origin::A, None, &[])
            .unwrap()
            .fields
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
        let columns = Columns::find(&headers, Origin::A, Some("key"), &maps).unwrap();
        assert_eq!(columns.fields, [Field::Id, Field::FullName, Field::Text]);
    }

    #[test]
    fn a_file_without_id_column_is_refused_with_its_columns() {
        let headers = ["name", "email"].map(str::to_owned);
        let error = Columns::find(&headers, Origin::B, None, &[]).unwrap_err();
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
