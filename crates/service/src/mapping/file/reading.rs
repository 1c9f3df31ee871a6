//! `mappings.yaml`, read strictly: unknown fields, duplicate keys, merge keys and numbers without
//! quotation marks are refused, since each of them is how an id goes wrong unseen.

use counterpart_model::{MappingOrigin, Period, PersonId, Timestamp};
use serde::Deserialize;
use serde_saphyr::{MergeKeyPolicy, Options, Spanned};

use super::FORMAT;
use super::document::{Document, Entry, FileProblem, PersonRef, Ruling, Scope, Section, Verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    counterpart: Spanned<String>,
    #[serde(default)]
    partial: bool,
    connections: Vec<RawSection>,
}

/// What a file of any version has.
#[derive(Deserialize)]
struct RawVersion {
    counterpart: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    name: Spanned<String>,
    #[serde(default)]
    mappings: Vec<RawMapping>,
    decisions: Option<Vec<RawDecision>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMapping {
    person: Spanned<RawPerson>,
    crm_user: String,
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
    person_shared: Option<bool>,
    crm_user_shared: Option<bool>,
    origin: Option<MappingOrigin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPerson {
    external_id: Option<String>,
    email: Option<String>,
    id: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawVerdict {
    NotThisPair,
    NoAccount,
    NotAPerson,
    SharedSeat,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDecision {
    decision: Spanned<RawVerdict>,
    person: Option<Spanned<RawPerson>>,
    crm_user: Option<String>,
    reason: Option<String>,
    until: Option<Spanned<String>>,
}

/// What `text` says, with everything that is wrong with it by itself. Days without a time begin
/// at midnight in `zone`.
pub(super) fn read(text: &str, zone: &str) -> Result<Document, Vec<FileProblem>> {
    let raw: RawFile = match serde_saphyr::from_str_with_options(text, options(text)) {
        Ok(raw) => raw,
        Err(error) => return Err(vec![unreadable(text, &error)]),
    };
    if raw.counterpart.value != FORMAT {
        return Err(vec![other_version(&raw.counterpart)]);
    }
    let mut reader = Reader {
        zone,
        problems: Vec::new(),
    };
    let sections = raw
        .connections
        .into_iter()
        .map(|section| reader.section(section))
        .collect();
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    let scope = if raw.partial {
        Scope::People
    } else {
        Scope::Connections
    };
    Ok(Document {
        scope,
        from_table: false,
        sections,
    })
}

/// Who sends the file bounds its size; what is bounded here is what a small file could blow up
/// to. A file has no use for anchors.
fn options(text: &str) -> Options {
    let most = text.len();
    serde_saphyr::options! {
        no_schema: true,
        strict_booleans: true,
        reject_unsupported_tags: true,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
            max_depth: 16,
            max_events: most.saturating_add(64),
            max_nodes: most.saturating_add(64),
            max_total_scalar_bytes: most,
        },
    }
}

fn unreadable(text: &str, error: &serde_saphyr::Error) -> FileProblem {
    // Of a file of another version nobody can say that its fields are wrong.
    let version = serde_saphyr::from_str_with_options::<RawVersion>(text, options(text));
    if let Ok(RawVersion { counterpart }) = version
        && counterpart.value != FORMAT
    {
        return other_version(&counterpart);
    }
    let line = error.location().map_or(0, |location| location.line());
    let message = error.without_snippet().to_string();
    // The line stands in front already.
    let message = message.split(" at line ").next().unwrap_or(&message);
    FileProblem::new(line, message.trim_end_matches('.'))
}

fn other_version(found: &Spanned<String>) -> FileProblem {
    let message = format!(
        "the file is `{}`, and this program reads `{FORMAT}`; export it again, or use the \
         program that wrote it",
        found.value
    );
    FileProblem::new(found.referenced.line(), message)
}

struct Reader<'z> {
    zone: &'z str,
    problems: Vec<FileProblem>,
}

impl Reader<'_> {
    fn wrong(&mut self, line: u64, message: impl Into<String>) {
        self.problems.push(FileProblem::new(line, message));
    }

    fn section(&mut self, raw: RawSection) -> Section {
        let entries = raw.mappings.into_iter();
        let mappings = entries.filter_map(|entry| self.entry(entry)).collect();
        let decisions = raw.decisions.map(|rulings| {
            let rulings = rulings.into_iter();
            rulings.filter_map(|ruling| self.ruling(ruling)).collect()
        });
        Section {
            line: raw.name.referenced.line(),
            name: raw.name.value,
            mappings,
            decisions,
        }
    }

    fn entry(&mut self, raw: RawMapping) -> Option<Entry> {
        let line = raw.person.referenced.line();
        let person = self.person(raw.person);
        let from = self.instant(raw.from, Timestamp::ALWAYS);
        let to = self.instant(raw.to, Timestamp::FOREVER);
        let period = match Period::new(from?, to?) {
            Ok(period) => period,
            Err(error) => {
                self.wrong(line, error.to_string());
                return None;
            }
        };
        Some(Entry {
            line,
            person: person?,
            crm_user: raw.crm_user,
            period,
            person_shared: raw.person_shared,
            crm_user_shared: raw.crm_user_shared,
            origin: raw.origin,
        })
    }

    fn person(&mut self, raw: Spanned<RawPerson>) -> Option<PersonRef> {
        let line = raw.referenced.line();
        match (raw.value.external_id, raw.value.email, raw.value.id) {
            (Some(id), None, None) => Some(PersonRef::ExternalId(id)),
            (None, Some(email), None) => Some(PersonRef::Email(email)),
            (None, None, Some(id)) => match id.parse::<PersonId>() {
                Ok(id) => Some(PersonRef::Id(id)),
                Err(error) => {
                    self.wrong(line, error.to_string());
                    None
                }
            },
            _ => {
                self.wrong(
                    line,
                    "name the person by one of `external_id`, `email` and `id`",
                );
                None
            }
        }
    }

    fn instant(&mut self, raw: Option<Spanned<String>>, otherwise: Timestamp) -> Option<Timestamp> {
        let Some(raw) = raw else {
            return Some(otherwise);
        };
        match instant(&raw.value, self.zone) {
            Ok(instant) => Some(instant),
            Err(message) => {
                self.wrong(raw.referenced.line(), message);
                None
            }
        }
    }

    fn ruling(&mut self, raw: RawDecision) -> Option<Ruling> {
        let line = raw.decision.referenced.line();
        let until = self.instant(raw.until, Timestamp::FOREVER);
        let person = raw.person.map(|person| self.person(person));
        let verdict = match (raw.decision.value, person, raw.crm_user) {
            (RawVerdict::NotThisPair, Some(person), Some(user)) => {
                Verdict::NotThisPair(person?, user)
            }
            (RawVerdict::NoAccount, Some(person), None) => Verdict::NoAccount(person?),
            (RawVerdict::NotAPerson, None, Some(user)) => Verdict::NotAPerson(user),
            (RawVerdict::SharedSeat, None, Some(user)) => Verdict::SharedSeat(user),
            (kind, ..) => {
                let needs = match kind {
                    RawVerdict::NotThisPair => "`person` and `crm_user`",
                    RawVerdict::NoAccount => "`person` and no `crm_user`",
                    RawVerdict::NotAPerson | RawVerdict::SharedSeat => "`crm_user` and no `person`",
                };
                self.wrong(line, format!("this decision is about {needs}"));
                return None;
            }
        };
        Some(Ruling {
            line,
            verdict,
            reason: raw.reason,
            until: until?,
        })
    }
}

/// An instant, or the beginning of a day in `zone`.
pub(super) fn instant(text: &str, zone: &str) -> Result<Timestamp, String> {
    match text.parse::<Timestamp>() {
        Ok(instant) => Ok(instant),
        Err(error) => Timestamp::start_of_day(text, zone).map_err(|_| error.to_string()),
    }
}
