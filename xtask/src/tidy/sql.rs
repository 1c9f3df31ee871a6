//! As much of SQL as it takes to know which tables a tree of migrations leaves behind and what
//! their primary keys begin with.

use std::collections::BTreeMap;

/// A table that a migration creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// The first column of the primary key, `None` without one.
    pub(super) key_begins_with: Option<String>,
    /// The file that created it and the line there.
    pub(super) file: String,
    pub(super) line: usize,
}

/// Tables by name, as they are after the migrations seen so far.
pub(super) type Tables = BTreeMap<String, Table>;

/// Applies one migration. Virtual and temporary tables are left out: the first belong to a search
/// index, the second to the connection.
pub(super) fn apply(tables: &mut Tables, file: &str, text: &str) {
    let words = words_of(text);
    let mut index = 0;
    while index < words.len() {
        let end = statement_end(&words, index);
        apply_statement(tables, file, &words[index..end]);
        index = end + 1;
    }
}

/// A word, a quoted name or one punctuation character, with its line.
#[derive(Debug)]
struct Word {
    text: String,
    line: usize,
}

impl Word {
    fn is(&self, keyword: &str) -> bool {
        self.text.eq_ignore_ascii_case(keyword)
    }
}

fn apply_statement(tables: &mut Tables, file: &str, statement: &[Word]) {
    let rest = |keywords: &[&str]| {
        let matches = statement.len() > keywords.len()
            && keywords
                .iter()
                .zip(statement)
                .all(|(keyword, word)| word.is(keyword));
        matches.then(|| &statement[keywords.len()..])
    };
    if let Some(rest) =
        rest(&["create", "table"]).or_else(|| rest(&["create", "unlogged", "table"]))
    {
        let rest = skip(rest, &["if", "not", "exists"]);
        let (name, rest) = qualified_name(rest);
        let Some(name) = name else { return };
        // `PARTITION OF` has no columns and the key of its parent.
        if rest.first().is_some_and(|word| word.is("(")) {
            let table = Table {
                key_begins_with: primary_key(rest),
                file: file.to_owned(),
                line: statement[0].line,
            };
            tables.insert(name, table);
        }
    } else if let Some(rest) = rest(&["drop", "table"]) {
        if let (Some(name), _) = qualified_name(skip(rest, &["if", "exists"])) {
            tables.remove(&name);
        }
    } else if let Some(rest) = rest(&["alter", "table"]) {
        let rest = skip(skip(rest, &["if", "exists"]), &["only"]);
        if let (Some(old), [rename, to, new, ..]) = qualified_name(rest)
            && rename.is("rename")
            && to.is("to")
            && let Some(table) = tables.remove(&old)
        {
            tables.insert(new.text.to_lowercase(), table);
        }
    }
}

/// The first column of the primary key in the parenthesised columns of a table.
fn primary_key(columns: &[Word]) -> Option<String> {
    let mut depth = 0_usize;
    let mut definition_starts = true;
    let mut column = None;
    for (index, word) in columns.iter().enumerate() {
        match word.text.as_str() {
            "(" => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return None;
                }
            }
            "," if depth == 1 => {
                definition_starts = true;
                continue;
            }
            _ => {}
        }
        if depth != 1 {
            continue;
        }
        if definition_starts {
            definition_starts = false;
            let begins_constraint = [
                "primary",
                "constraint",
                "unique",
                "foreign",
                "check",
                "exclude",
                "like",
            ]
            .iter()
            .any(|keyword| word.is(keyword));
            column = (!begins_constraint).then(|| word.text.to_lowercase());
        }
        if word.is("primary") && columns.get(index + 1).is_some_and(|word| word.is("key")) {
            let listed = columns
                .get(index + 2)
                .filter(|word| word.is("("))
                .and_then(|_| columns.get(index + 3))
                .map(|word| word.text.to_lowercase());
            return column.or(listed);
        }
    }
    None
}

/// The name without a schema, and what follows it.
fn qualified_name(words: &[Word]) -> (Option<String>, &[Word]) {
    match words {
        [_, dot, name, rest @ ..] if dot.is(".") => (Some(name.text.to_lowercase()), rest),
        [name, rest @ ..] => (Some(name.text.to_lowercase()), rest),
        [] => (None, &[]),
    }
}

fn skip<'a>(words: &'a [Word], keywords: &[&str]) -> &'a [Word] {
    let matches = words.len() >= keywords.len()
        && keywords
            .iter()
            .zip(words)
            .all(|(keyword, word)| word.is(keyword));
    if matches {
        &words[keywords.len()..]
    } else {
        words
    }
}

/// Index of the semicolon that ends the statement. The statements inside a trigger are taken for
/// statements of their own, which is harmless: none of them creates a table.
fn statement_end(words: &[Word], from: usize) -> usize {
    words[from..]
        .iter()
        .position(|word| word.is(";"))
        .map_or(words.len(), |offset| from + offset)
}

fn words_of(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if matches!(character, '\'' | '"' | '`') {
            let end = rest[1..].find(character).map_or(rest.len(), |end| end + 2);
            if character != '\'' {
                words.push(Word {
                    text: rest[..end].trim_matches(character).to_owned(),
                    line,
                });
            }
            end
        } else if character.is_alphanumeric() || character == '_' {
            let end = rest
                .find(|next: char| !next.is_alphanumeric() && next != '_')
                .unwrap_or(rest.len());
            words.push(Word {
                text: rest[..end].to_owned(),
                line,
            });
            end
        } else {
            if !character.is_whitespace() {
                words.push(Word {
                    text: character.to_string(),
                    line,
                });
            }
            character.len_utf8()
        };
        let (passed, remaining) = rest.split_at(length);
        line += passed.matches('\n').count();
        rest = remaining;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Tables, apply};

    fn keys(text: &str) -> Vec<(String, Option<String>)> {
        let mut tables = Tables::new();
        apply(&mut tables, "V1__a.sql", text);
        tables
            .into_iter()
            .map(|(name, table)| (name, table.key_begins_with))
            .collect()
    }

    fn key(text: &str) -> Option<String> {
        keys(text).pop().and_then(|(_, key)| key)
    }

    #[test]
    fn a_key_is_found_as_a_constraint_and_beside_its_column() {
        let constraint =
            "CREATE TABLE t (a INT, b NUMERIC(3, 2) CHECK (b > 0), PRIMARY KEY (b, a));";
        assert_eq!(key(constraint), Some("b".to_owned()));
        let named =
            "create table if not exists public.t (a int, constraint t_pk primary key (\"b\"));";
        assert_eq!(key(named), Some("b".to_owned()));
        let column = "CREATE TABLE t (x TEXT DEFAULT ',(', id BLOB NOT NULL PRIMARY KEY) STRICT;";
        assert_eq!(key(column), Some("id".to_owned()));
        assert_eq!(key("CREATE TABLE t (a INT) WITHOUT ROWID;"), None);
    }

    #[test]
    fn comments_and_strings_are_not_read() {
        let text = "-- CREATE TABLE no (a INT);\n/* CREATE TABLE no2 (a INT); */\nINSERT INTO x VALUES ('CREATE TABLE no3 (a INT);');\nCREATE TABLE yes (a INT PRIMARY KEY);";
        assert_eq!(keys(text), [("yes".to_owned(), Some("a".to_owned()))]);
    }

    #[test]
    fn a_rebuilt_table_counts_as_it_is_in_the_end() {
        let text = "CREATE TABLE t (a INT PRIMARY KEY);\nCREATE TABLE t_new (b INT PRIMARY KEY);\nDROP TABLE t;\nALTER TABLE t_new RENAME TO t;\n";
        assert_eq!(keys(text), [("t".to_owned(), Some("b".to_owned()))]);
    }

    #[test]
    fn virtual_and_temporary_tables_are_left_out() {
        let text = "CREATE VIRTUAL TABLE v USING fts5(a);\nCREATE TEMP TABLE w (a INT);";
        assert_eq!(keys(text), []);
    }
}
