//! `mappings.yaml`, written: always the same bytes for the same mappings, so that Git shows what
//! changed and nothing else. Every text is in double quotation marks; names stand in comments.

use std::fmt::Write as _;

use counterpart_model::{Period, Timestamp};

use super::FORMAT;
use super::document::{Document, Entry, PersonRef, Ruling, Scope, Section};

const HEAD: &str = "\
# Who is whom in each connected CRM, written by Counterpart.
#
# See what a change of this file would do:   counterpart plan mappings.yaml
# Make it so, in one change that can be undone: counterpart apply mappings.yaml
#
# The file is the whole truth of the connections it names: a mapping or a decision that is not
# here is taken away. With `partial: true` that holds only for the people it names.
# Comments are not read: names stand there for people.
";

/// The names behind what a file refers to, for its comments.
pub(super) trait Named {
    /// The name of a person.
    fn person(&self, person: &PersonRef) -> Option<&str>;
    /// The name of a CRM user of the connection of this name.
    fn crm_user(&self, connection: &str, id: &str) -> Option<&str>;
}

/// `document` as text.
pub(super) fn written(document: &Document, names: &dyn Named) -> String {
    let mut out = String::from(HEAD);
    line(&mut out, format_args!("counterpart: {FORMAT}"));
    if document.scope == Scope::People {
        line(&mut out, format_args!("partial: true"));
    }
    if document.sections.is_empty() {
        line(&mut out, format_args!("connections: []"));
    } else {
        line(&mut out, format_args!("connections:"));
    }
    for part in &document.sections {
        section(&mut out, part, names);
    }
    out
}

fn section(out: &mut String, section: &Section, names: &dyn Named) {
    line(out, format_args!("  - name: {}", quoted(&section.name)));
    if section.mappings.is_empty() {
        line(out, format_args!("    mappings: []"));
    } else {
        line(out, format_args!("    mappings:"));
    }
    for mapping in &section.mappings {
        entry(out, &section.name, mapping, names);
    }
    match section.decisions.as_deref() {
        None => {}
        Some([]) => line(out, format_args!("    decisions: []")),
        Some(rulings) => {
            line(out, format_args!("    decisions:"));
            for decided in rulings {
                ruling(out, &section.name, decided, names);
            }
        }
    }
}

fn entry(out: &mut String, connection: &str, entry: &Entry, names: &dyn Named) {
    line(
        out,
        format_args!("      - person: {}", person(&entry.person, names)),
    );
    crm_user(out, connection, &entry.crm_user, names);
    period(out, entry.period);
    if let Some(shared) = entry.person_shared {
        line(out, format_args!("        person_shared: {shared}"));
    }
    if let Some(shared) = entry.crm_user_shared {
        line(out, format_args!("        crm_user_shared: {shared}"));
    }
    if let Some(origin) = entry.origin {
        line(out, format_args!("        origin: {}", origin.as_str()));
    }
}

fn ruling(out: &mut String, connection: &str, ruling: &Ruling, names: &dyn Named) {
    line(
        out,
        format_args!("      - decision: {}", ruling.verdict.word()),
    );
    if let Some(about) = ruling.verdict.person() {
        line(
            out,
            format_args!("        person: {}", person(about, names)),
        );
    }
    if let Some(about) = ruling.verdict.crm_user() {
        crm_user(out, connection, about, names);
    }
    if let Some(reason) = &ruling.reason {
        line(out, format_args!("        reason: {}", quoted(reason)));
    }
    if ruling.until != Timestamp::FOREVER {
        line(
            out,
            format_args!("        until: {}", quoted(&ruling.until.to_string())),
        );
    }
}

fn person(person: &PersonRef, names: &dyn Named) -> String {
    let (field, value) = match person {
        PersonRef::ExternalId(id) => ("external_id", quoted(id)),
        PersonRef::Email(email) => ("email", quoted(email)),
        PersonRef::Id(id) => ("id", quoted(&id.to_string())),
    };
    format!("{{{field}: {value}}}{}", comment(names.person(person)))
}

fn crm_user(out: &mut String, connection: &str, id: &str, names: &dyn Named) {
    let name = comment(names.crm_user(connection, id));
    line(out, format_args!("        crm_user: {}{name}", quoted(id)));
}

fn period(out: &mut String, period: Period) {
    if period.from() != Timestamp::ALWAYS {
        let from = quoted(&period.from().to_string());
        line(out, format_args!("        from: {from}"));
    }
    if period.to() != Timestamp::FOREVER {
        let to = quoted(&period.to().to_string());
        line(out, format_args!("        to: {to}"));
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a `String` never fails.
    let _ = writeln!(out, "{text}");
}

/// A name behind a value. It must stay on its line, whatever it holds.
fn comment(name: Option<&str>) -> String {
    let Some(name) = name else {
        return String::new();
    };
    let name: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { ' ' })
        .collect();
    match name.trim() {
        "" => String::new(),
        name => format!(" # {name}"),
    }
}

/// A text in double quotation marks, with the escapes of YAML 1.2 (5.7).
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_plain(c) => out.push(c),
            c => {
                // Writing into a `String` never fails.
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// Whether a character can stand in a line of YAML as it is: printable, no line break of any
/// version of YAML, and none that turns the direction of what a reviewer sees.
fn is_plain(c: char) -> bool {
    let turns = matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let breaks = matches!(
        c,
        '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
    );
    !c.is_control() && !turns && !breaks
}
