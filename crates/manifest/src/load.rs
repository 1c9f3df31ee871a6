//! Reading a manifest from its text, and finding the line of a key.

use toml::de::{DeTable, DeValue};

use crate::{Manifest, ManifestError, ManifestProblem, upgrade, validate};

/// Reads and validates a manifest.
pub(crate) fn load(file: &str, text: &str) -> Result<Manifest, ManifestError> {
    let refused = |problem| ManifestError {
        file: file.to_owned(),
        problems: vec![problem],
    };
    let written = |error| refused(syntax_problem(text, &error));
    let table: toml::Table = toml::from_str(text).map_err(written)?;
    let manifest: Manifest = match upgrade::upgraded(&table) {
        // Read from text as well: from a second kind of source, the reading of every type
        // would be compiled twice. A place in a text that nobody wrote would help nobody.
        Some(upgraded) => toml::from_str(&upgraded).map_err(|error| {
            refused(ManifestProblem {
                line: None,
                key: String::new(),
                problem: message(&error),
            })
        })?,
        None => toml::from_str(text).map_err(written)?,
    };
    let found = validate::problems(&manifest);
    if found.is_empty() {
        return Ok(manifest);
    }
    let lines = Lines::of(text);
    let mut problems: Vec<_> = found
        .into_iter()
        .map(|(key, problem)| ManifestProblem {
            line: lines.find(&key),
            key,
            problem,
        })
        .collect();
    problems.sort_by_key(|problem| problem.line);
    Err(ManifestError {
        file: file.to_owned(),
        problems,
    })
}

fn syntax_problem(text: &str, error: &toml::de::Error) -> ManifestProblem {
    let line = error.span().map(|span| line_at(text, span.start));
    let key = error
        .span()
        .and_then(|span| Lines::of(text).key_at(text, span.start))
        .unwrap_or_default();
    ManifestProblem {
        line,
        key,
        problem: message(error),
    }
}

fn message(error: &toml::de::Error) -> String {
    error.message().trim_end().replace('\n', "; ")
}

/// The line, from 1, of the byte at `at`.
fn line_at(text: &str, at: usize) -> usize {
    text.get(..at)
        .map_or(1, |before| before.matches('\n').count() + 1)
}

/// Where each key of a file stands: `users.full.requests.0.path` and its line.
struct Lines(Vec<(String, usize)>);

impl Lines {
    fn of(text: &str) -> Self {
        let mut found = Vec::new();
        if let Ok(table) = DeTable::parse(text) {
            walk_table(text, "", table.get_ref(), &mut found);
        }
        Self(found)
    }

    /// The line of a key, or of the nearest one above it.
    fn find(&self, key: &str) -> Option<usize> {
        let mut key = key;
        loop {
            if let Some((_, line)) = self.0.iter().find(|(known, _)| known == key) {
                return Some(*line);
            }
            key = key.rsplit_once('.')?.0;
        }
    }

    /// The last key that stands at or before the byte at `at`.
    fn key_at(&self, text: &str, at: usize) -> Option<String> {
        let line = line_at(text, at);
        self.0
            .iter()
            .filter(|(_, known)| *known <= line)
            .max_by_key(|(key, known)| (*known, key.len()))
            .map(|(key, _)| key.clone())
    }
}

fn walk_table(text: &str, prefix: &str, table: &DeTable<'_>, found: &mut Vec<(String, usize)>) {
    for (key, value) in table {
        let path = if prefix.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{prefix}.{}", key.get_ref())
        };
        found.push((path.clone(), line_at(text, key.span().start)));
        walk_value(text, &path, value.get_ref(), found);
    }
}

fn walk_value(text: &str, path: &str, value: &DeValue<'_>, found: &mut Vec<(String, usize)>) {
    match value {
        DeValue::Table(table) => walk_table(text, path, table, found),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}.{index}");
                found.push((path.clone(), line_at(text, item.span().start)));
                walk_value(text, &path, item.get_ref(), found);
            }
        }
        _ => {}
    }
}
