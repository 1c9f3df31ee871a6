//! A full name as people write it, taken apart into words that can be compared.

use super::lexicon::Lexicon;
use super::native;
use super::script::{Script, script_of};
use super::split::{mark_titles, split};
use crate::tables::NameTables;
use crate::tables::titles::{self, Role};

/// Most words of a name that are looked at; what is behind them adds nothing.
pub(super) const MOST_WORDS: usize = 12;

/// What part a word plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A given or family name.
    Name,
    /// One letter that stands for a name.
    Initial,
    /// `de`, `al`, `van`.
    Particle,
    /// `Dr.`, `King`: no part of the name, but perhaps one of the other.
    Title,
    /// The father's name: by its ending or a marker before or behind it.
    Patronymic,
    /// A name of honour (`Abu Omar`).
    Kunya,
    /// A nickname, former name or other addition in brackets or quotation marks.
    Alias,
}

/// One word of a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    /// As it was written, for the reasons.
    pub(super) shown: String,
    /// Folded romanisations, the usual one first; never empty.
    pub(super) forms: Vec<String>,
    /// The spelling in Arabic or Hebrew letters, folded.
    pub(super) abjad: Option<String>,
    /// The characters, made simplified.
    pub(super) han: Option<String>,
    /// Groups of names that are one name, ascending.
    pub(super) groups: Vec<u16>,
    /// Whether the first form is pinyin, so that another syllable is another name.
    pub(super) pinyin: bool,
    pub(super) script: Script,
    pub(super) kind: Kind,
    /// Whether the characters have a reading that no rule gives.
    pub(super) unread: bool,
    /// Whether a hyphen ties it to the word before.
    pub(super) continues: bool,
}

/// One way of reading a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    pub(super) words: Vec<Word>,
    /// 1 for Jr., 2 for II …, 9 for Sr., 0 when nothing is said.
    pub(super) generation: u8,
    /// What a title tells: a man, a woman.
    pub(super) man: Option<bool>,
    /// Whether the given name is known to come first: a comma or a patronymic told the order.
    pub(super) ordered: bool,
}

/// All ways of reading a name: one, but for names in Chinese characters, which Chinese, Japanese
/// and Koreans read differently. Empty when the text holds no name.
pub(super) fn read(text: &str, lexicon: &Lexicon) -> Vec<Reading> {
    let (raws, ordered) = split(text);
    let mut reading = Reading {
        words: Vec::new(),
        generation: 0,
        man: None,
        ordered,
    };
    let raws = mark_titles(raws, &mut reading);
    let mut readings: Vec<Reading> = native::word_sequences(&raws, &lexicon.tables)
        .into_iter()
        .map(|words| Reading {
            words,
            ..reading.clone()
        })
        .collect();
    for reading in &mut readings {
        mark_parts(reading);
        reading.words.truncate(MOST_WORDS);
        for word in &mut reading.words {
            // The older spellings of a Chinese word are those of other words, too.
            let forms = if word.pinyin {
                &word.forms[..1]
            } else {
                &word.forms
            };
            word.groups = lexicon.groups_of(forms);
        }
    }
    readings.retain(|reading| !reading.words.is_empty());
    readings
}

/// Tells particles, patronymics, names of honour and aliases.
fn mark_parts(reading: &mut Reading) {
    let words = &mut reading.words;
    let roles: Vec<Option<Role>> = words
        .iter()
        .map(|word| titles::role_of(&word.forms[0]))
        .collect();
    let mut keep = vec![true; words.len()];
    for place in 0..words.len() {
        if words[place].kind != Kind::Name {
            continue;
        }
        let has_next = words[place + 1..]
            .iter()
            .any(|word| word.kind == Kind::Name);
        match roles[place] {
            Some(Role::SonOf) if place > 0 && has_next && words[place].forms[0].len() > 1 => {
                keep[place] = false;
                // Skip a particle between: bin al-Walid.
                let next = (place + 1..words.len())
                    .find(|next| !matches!(roles[*next], Some(Role::Particle)))
                    .unwrap_or(place + 1);
                words[next].kind = Kind::Patronymic;
            }
            Some(Role::OfFather) if place > 0 => {
                keep[place] = false;
                words[place - 1].kind = Kind::Patronymic;
            }
            Some(Role::Kunya) if has_next => {
                keep[place] = false;
                let next = (place + 1..words.len())
                    .find(|next| !matches!(roles[*next], Some(Role::Particle)))
                    .unwrap_or(place + 1);
                let honour = words[place].clone();
                let word = &mut words[next];
                word.shown = format!("{} {}", honour.shown, word.shown);
                for form in &mut word.forms {
                    form.insert_str(0, "abu");
                }
                word.abjad = None;
                word.kind = Kind::Kunya;
            }
            Some(Role::Born) if has_next && place > 0 && words.len() > 2 => {
                keep[place] = false;
                words[place + 1].kind = Kind::Alias;
            }
            _ if has_next && matches!(words[place].shown.as_str(), "Ó" | "ó") => {
                words[place].kind = Kind::Particle;
            }
            Some(Role::Particle)
                if has_next
                    && words[place].forms[0].len() > 1
                    && words[place].script != Script::Han =>
            {
                words[place].kind = Kind::Particle;
            }
            _ if words[place].forms[0].len() == 1 && words[place].script != Script::Han => {
                words[place].kind = Kind::Initial;
            }
            _ => {}
        }
    }
    let mut place = 0;
    words.retain(|_| {
        place += 1;
        keep[place - 1]
    });
    // A name of particles alone is a name.
    if words
        .iter()
        .all(|word| !matches!(word.kind, Kind::Name | Kind::Patronymic | Kind::Kunya))
    {
        for word in words.iter_mut() {
            word.kind = Kind::Name;
        }
    }
    mark_slavic_patronymic(reading);
}

/// "Ivan Petrovich Sidorov", "Sidorov Ivan Petrovich"; in "Ivan Petrovich" it is the family name.
fn mark_slavic_patronymic(reading: &mut Reading) {
    let names: Vec<usize> = reading
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.kind == Kind::Name)
        .map(|(place, _)| place)
        .collect();
    if names.len() < 3 {
        return;
    }
    let is_one = |place: &usize| {
        let word = &reading.words[*place];
        word.forms.iter().any(|form| titles::is_patronymic(form))
    };
    let inner = names[1..names.len() - 1]
        .iter()
        .copied()
        .find(|place| is_one(place));
    let last = names
        .last()
        .copied()
        .filter(|place| is_one(place) && !reading.ordered);
    if let Some(place) = inner {
        reading.words[place].kind = Kind::Patronymic;
        reading.ordered = true;
    } else if let Some(place) = last {
        // The family name stood first; it goes where it is expected.
        reading.words[place].kind = Kind::Patronymic;
        let family = reading.words.remove(names[0]);
        reading.words.push(family);
        reading.ordered = true;
    } else if reading.ordered
        && let Some(place) = names[1..]
            .iter()
            .copied()
            .find(|place| is_one(place) && *place != names[names.len() - 1])
    {
        reading.words[place].kind = Kind::Patronymic;
    }
}

impl Reading {
    /// Words that are names, patronymics included.
    pub(super) fn names(&self) -> usize {
        self.words
            .iter()
            .filter(|word| matches!(word.kind, Kind::Name | Kind::Patronymic | Kind::Kunya))
            .count()
    }
}

/// A word that a script spells.
pub(super) fn spelled_word(shown: &str, kind: Kind, tables: &NameTables) -> Option<Word> {
    let script = script_of(shown);
    let lower = shown.to_lowercase();
    let mut forms = Vec::new();
    let native = if script == Script::Abjad {
        super::abjad::fold_abjad(shown)
    } else {
        lower
    };
    if script != Script::Latin {
        forms.extend(
            tables
                .romanised(shown.trim())
                .or_else(|| tables.romanised(&native))
                .map(str::to_owned),
        );
    }
    for form in super::script::romanisations(shown, script) {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    // The Arabic article, glued to the name.
    if script == Script::Latin
        && let Some(rest) = forms[..].first().and_then(|form| without_article(form))
    {
        forms.push(rest);
    }
    if forms.is_empty() {
        return None;
    }
    Some(Word {
        shown: shown.to_owned(),
        abjad: (script == Script::Abjad).then(|| {
            native
                .strip_prefix("ال")
                .filter(|rest| rest.chars().count() > 2)
                .map_or(native.clone(), str::to_owned)
        }),
        han: None,
        groups: Vec::new(),
        pinyin: false,
        script,
        kind,
        unread: false,
        continues: false,
        forms,
    })
}

/// `alassad` is `assad`, `elmasry` is `masry`; Alfred and Elsa keep theirs.
fn without_article(form: &str) -> Option<String> {
    let rest = form
        .strip_prefix("al")
        .or_else(|| form.strip_prefix("el"))?;
    let first = rest.chars().next()?;
    (rest.len() >= 4 && !"aeioul".contains(first)).then(|| rest.to_owned())
}
