//! How far two words of names agree.

use super::abjad;
use super::lexicon::Lexicon;
use super::read::{Kind, Word};
use super::script::Script;
use super::sounds::{self, SLIP, SPELLING, Vowels, relative_distance};
use crate::normalise::sound::skeleton;
use crate::slips::slips_within;

/// The ways in which two words agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Same,
    /// Another spelling or romanisation.
    Spelling,
    /// The same name in another script.
    Script,
    /// A short form or a sister form.
    Short,
    /// Nearly the same; perhaps mistyped.
    Slip,
    /// An initial that fits.
    Initial,
    /// Characters whose reading is not known.
    Unread,
    Different,
}

/// How two words, or runs of words, agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likeness {
    pub(super) level: Level,
    /// Distance per sound; 0 where it does not matter.
    pub(super) apart: f32,
}

impl Likeness {
    const fn of(level: Level) -> Self {
        Self { level, apart: 0.0 }
    }
}

const DIFFERENT: Likeness = Likeness {
    level: Level::Different,
    apart: 1.0,
};

/// Compares two words. Symmetric.
pub(super) fn liken(one: &Word, other: &Word, lexicon: &Lexicon) -> Likeness {
    if let (Some(a), Some(b)) = (&one.han, &other.han) {
        return Likeness::of(if a == b {
            Level::Same
        } else {
            Level::Different
        });
    }
    if one.kind == Kind::Initial || other.kind == Kind::Initial {
        return liken_initial(one, other);
    }
    if one.unread != other.unread {
        return Likeness::of(Level::Unread);
    }
    if one.pinyin && other.pinyin {
        let level = if one.forms[0] == other.forms[0] {
            Some(Level::Same)
        } else if one.forms.iter().any(|form| other.forms.contains(form)) {
            Some(Level::Spelling)
        } else {
            shared_family(one, other, lexicon).then_some(Level::Spelling)
        };
        return level.map_or(DIFFERENT, Likeness::of);
    }
    if one.script == Script::Hangul && other.script == Script::Hangul {
        let same = one.forms[0] == other.forms[0];
        return if same {
            Likeness::of(Level::Same)
        } else {
            DIFFERENT
        };
    }
    let shared = share_group(one, other, lexicon);
    if shared == Some(Level::Spelling) && !one.forms.iter().any(|form| other.forms.contains(form)) {
        let level = if one.script == other.script {
            Level::Spelling
        } else {
            Level::Script
        };
        return Likeness::of(level);
    }
    let mut best = DIFFERENT;
    for a in &one.forms {
        for b in &other.forms {
            let found = liken_forms(a, b, vowels_of(one, other), lexicon);
            if (found.level, found.apart) < (best.level, best.apart) {
                best = found;
            }
        }
    }
    if let Some(found) = liken_abjad(one, other)
        && (found.level, found.apart) < (best.level, best.apart)
        && !is_known_apart(one, other, lexicon)
    {
        best = found;
    }
    if let Some(level) = shared
        && level < best.level
    {
        best = Likeness::of(level);
    }
    if one.script != other.script && best.level <= Level::Spelling {
        best.level = Level::Script;
    }
    best
}

fn vowels_of(one: &Word, other: &Word) -> Vowels {
    let loose = |word: &Word| matches!(word.script, Script::Indic | Script::Kana);
    if one.script != other.script
        && (loose(one)
            || loose(other)
            || one.script == Script::Other
            || other.script == Script::Other)
    {
        Vowels::Loose
    } else {
        Vowels::Written
    }
}

fn liken_initial(one: &Word, other: &Word) -> Likeness {
    let fits = one.forms.iter().any(|a| {
        other.forms.iter().any(|b| {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            a.first() == b.first()
                || matches!(
                    (a.first(), b.first()),
                    (Some(b'y'), Some(b'j' | b'i' | b'e')) | (Some(b'j' | b'i' | b'e'), Some(b'y'))
                )
        })
    });
    Likeness::of(match (fits, one.kind == other.kind) {
        (true, true) => Level::Same,
        (true, false) => Level::Initial,
        (false, _) => Level::Different,
    })
}

/// Compares two folded words by lexicon, skeletons and sounds.
pub(super) fn liken_forms(one: &str, other: &str, vowels: Vowels, lexicon: &Lexicon) -> Likeness {
    if one == other {
        return Likeness::of(Level::Same);
    }
    let sounds = (sounds::sounds(one), sounds::sounds(other));
    let apart = relative_distance(&sounds.0, &sounds.1, vowels);
    let shorter = sounds.0.len().min(sounds.1.len());
    let near = apart <= SPELLING
        && (shorter > 4 || apart <= 0.045 && sounds.0.first() == sounds.1.first())
        || shorter > 3 && apart <= 0.1 && skeleton(one) == skeleton(other);
    let both_known = lexicon.tables.is_known(one) && lexicon.tables.is_known(other);
    let both_familiar = lexicon.tables.is_familiar(one) && lexicon.tables.is_familiar(other);
    if near && !both_familiar && !(both_known && apart > 0.06) {
        return Likeness {
            level: Level::Spelling,
            apart,
        };
    }
    if is_gendered_family(one, other)
        || is_pet_form(one, other, lexicon)
        || is_pet_form(other, one, lexicon)
    {
        return Likeness::of(Level::Short);
    }
    #[expect(clippy::cast_precision_loss, reason = "sounds of one word")]
    let cost = apart * sounds.0.len().max(sounds.1.len()) as f32;
    let by_sound =
        shorter > 3 && cost <= 1.05 && apart <= SLIP || shorter > 7 && cost <= 1.6 && apart <= SLIP;
    let by_letter = is_one_letter_off(
        one,
        other,
        lexicon.tables.is_known(one) || lexicon.tables.is_known(other),
    );
    let is_slip = !both_known && (by_sound || by_letter);
    let apart = if is_slip { apart.min(SLIP) } else { apart };
    Likeness {
        level: if is_slip {
            Level::Slip
        } else {
            Level::Different
        },
        apart,
    }
}

/// Whether both words are one Chinese family name.
fn shared_family(one: &Word, other: &Word, lexicon: &Lexicon) -> bool {
    one.groups
        .iter()
        .any(|group| lexicon.tables.is_chinese_group(*group) && other.groups.contains(group))
}

/// The level of the closest group that holds both words.
fn share_group(one: &Word, other: &Word, lexicon: &Lexicon) -> Option<Level> {
    one.groups
        .iter()
        .filter(|group| other.groups.contains(group))
        .map(|group| {
            if lexicon.tables.is_spelling(*group) {
                Level::Spelling
            } else {
                Level::Short
            }
        })
        .min()
}

/// Whether the short word is made from a given name as pet forms are: cut off (`Lawr`), or cut off
/// with an ending (`Carmencita`). Only given names have them: Martin is no form of Martinez.
fn is_pet_form(short: &str, name: &str, lexicon: &Lexicon) -> bool {
    const ENDINGS: &[&str] = &[
        "cita", "cito", "inha", "inho", "chen", "lein", "ita", "ito", "ey", "ie", "ka", "ko", "y",
        "i",
    ];
    let tables = &lexicon.tables;
    let is_given = tables
        .all_groups_of(name)
        .iter()
        .any(|group| !tables.is_spelling(*group));
    if !is_given || tables.is_known(short) {
        return false;
    }
    if short.len() >= 3 && name.len() >= short.len() + 2 && name.starts_with(short) {
        return true;
    }
    ENDINGS.iter().any(|ending| {
        short.strip_suffix(ending).is_some_and(|stem| {
            let is_cut = name.len() > stem.len() || ending.len() > 2;
            stem.len() >= 4 && is_cut && name.starts_with(stem)
        })
    })
}

/// Whether one letter was dropped, added, changed or exchanged with its neighbour, in a name long
/// enough that few others are so near; a name that is known may be a letter shorter.
fn is_one_letter_off(one: &str, other: &str, one_is_known: bool) -> bool {
    let long_enough = one.len().min(other.len()) >= if one_is_known { 5 } else { 6 };
    let ending = one.strip_prefix(other).or_else(|| other.strip_prefix(one));
    // Karim and Karima.
    long_enough
        && !matches!(ending, Some("a" | "e" | "o"))
        && slips_within(one, other, 1) == Some(1)
}

/// Slavic, Lithuanian and Greek family names have a form for women.
fn is_gendered_family(one: &str, other: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("sky", "skaya"),
        ("ski", "ska"),
        ("skiy", "skaya"),
        ("skyi", "ska"),
        ("skii", "skaia"),
        ("cki", "cka"),
        ("sky", "ska"),
        ("ky", "ka"),
        ("y", "a"),
        ("poulos", "poulou"),
        ("idis", "idou"),
        ("akis", "aki"),
    ];
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if let Some(end) = long.strip_prefix(short) {
        return match end {
            "a" => ["ov", "ev", "in", "yn", "ow", "ew", "off"]
                .iter()
                .any(|tail| short.ends_with(tail)),
            "ova" => short.len() >= 4,
            _ => false,
        };
    }
    PAIRS.iter().any(|(man, woman)| {
        short.len().min(long.len()) >= 6
            && (one
                .strip_suffix(man)
                .is_some_and(|stem| other.strip_suffix(woman) == Some(stem))
                || other
                    .strip_suffix(man)
                    .is_some_and(|stem| one.strip_suffix(woman) == Some(stem)))
    })
}

/// A word in consonants against a romanised one.
fn liken_abjad(one: &Word, other: &Word) -> Option<Likeness> {
    let (native, romanised) = match (&one.abjad, &other.abjad) {
        (Some(native), None) => (native, other),
        (None, Some(native)) => (native, one),
        _ => return None,
    };
    let length = native.chars().count().max(1);
    let cost = romanised
        .forms
        .iter()
        .map(|form| abjad::distance(native, form))
        .fold(f32::INFINITY, f32::min);
    #[expect(clippy::cast_precision_loss, reason = "letters of one word")]
    let apart = cost / length as f32;
    let level = if cost <= 0.25 || (length >= 4 && apart <= 0.13) {
        Level::Script
    } else if length >= 6 && apart <= 0.2 {
        Level::Slip
    } else {
        return None;
    };
    Some(Likeness { level, apart })
}

/// Whether both words have a usual romanisation, and it is not the same name: حسن fits Hussein by
/// its consonants, but it is Hassan.
fn is_known_apart(one: &Word, other: &Word, lexicon: &Lexicon) -> bool {
    let native = if one.abjad.is_some() { one } else { other };
    let romanised = if one.abjad.is_some() { other } else { one };
    // The first form of a native word is the usual romanisation if there is one.
    lexicon.tables.is_known(&native.forms[0])
        && native.forms.len() > 1
        && romanised
            .forms
            .iter()
            .any(|form| lexicon.tables.is_known(form))
}
