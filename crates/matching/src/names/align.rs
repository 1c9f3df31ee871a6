//! Which word of one name stands for which of the other: the assignment worth most, where a word
//! may also stand for two or three written together (`Abdulrahman`, `Abdul Rahman`).

use super::lexicon::Lexicon;
use super::pair::{Level, Likeness, liken};
use super::read::{Kind, MOST_WORDS, Reading, Word};
use super::weigh;

/// Words of both names that stand for each other: places, as bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) one: u16,
    pub(super) other: u16,
    pub(super) likeness: Likeness,
    /// Log-odds that the agreement is worth.
    pub(super) worth: f32,
}

impl Pair {
    /// The first place of each side.
    pub(super) fn places(&self) -> (usize, usize) {
        (
            self.one.trailing_zeros() as usize,
            self.other.trailing_zeros() as usize,
        )
    }
}

/// The best assignment.
pub(super) fn align(one: &Reading, other: &Reading, lexicon: &Lexicon) -> Vec<Pair> {
    let mut options: Vec<Vec<Pair>> = vec![Vec::new(); one.words.len()];
    for (i, run_one) in runs(&one.words, lexicon) {
        for (j, run_other) in runs(&other.words, lexicon) {
            let (length_one, length_other) = (i.count_ones(), j.count_ones());
            if length_one > 1 && length_other > 1 {
                continue;
            }
            let merged = length_one + length_other > 2;
            if let Some((likeness, worth)) = compare(&run_one, &run_other, merged, lexicon) {
                options[i.trailing_zeros() as usize].push(Pair {
                    one: i,
                    other: j,
                    likeness,
                    worth,
                });
            }
        }
    }
    let states = 1_usize << other.words.len();
    let mut search = Search {
        one,
        other,
        options: &options,
        seen: vec![None; (one.words.len() + 1) * states],
        states,
    };
    search.best(0, 0);
    search.chosen()
}

/// All runs of one to three words, joined, with their places.
fn runs(words: &[Word], lexicon: &Lexicon) -> Vec<(u16, Word)> {
    let mut out = Vec::new();
    for start in 0..words.len().min(MOST_WORDS) {
        let mut joined = words[start].clone();
        let mut places = 1_u16 << start;
        out.push((places, joined.clone()));
        let behind = words.iter().enumerate().skip(start + 1).take(3);
        for (next, word) in behind.take_while(|(next, _)| *next < MOST_WORDS) {
            if word.script != joined.script
                || word.kind == Kind::Alias
                || joined.kind == Kind::Alias
            {
                break;
            }
            joined = join(&joined, word, lexicon);
            places |= 1 << next;
            out.push((places, joined.clone()));
        }
    }
    // The whole name in its other order, for one that is written without any space.
    let names = |word: &Word| word.kind == Kind::Name && word.script == words[0].script;
    if (2..=3).contains(&words.len())
        && words.iter().all(names)
        && let Some((last, front)) = words.split_last()
    {
        let whole = front
            .iter()
            .fold(last.clone(), |joined, word| join(&joined, word, lexicon));
        out.push(((1 << words.len()) - 1, whole));
    }
    out
}

fn join(one: &Word, other: &Word, lexicon: &Lexicon) -> Word {
    let count = one.forms.len().max(other.forms.len());
    let form = |word: &Word, number: usize| -> String {
        word.forms.get(number).unwrap_or(&word.forms[0]).clone()
    };
    let both = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => Some(format!("{a}{b}")),
        _ => None,
    };
    let mut forms: Vec<String> = (0..count)
        .map(|number| form(one, number) + &form(other, number))
        .collect();
    // The Arabic article takes the sound of what follows: Siraj al-Din is Sirajuddin.
    if other.kind == Kind::Particle && matches!(other.forms[0].as_str(), "al" | "el" | "ul" | "ud")
    {
        forms.push(format!("{}u", one.forms[0]));
    }
    Word {
        shown: format!("{} {}", one.shown, other.shown),
        groups: lexicon.listed_groups_of(&forms),
        forms,
        abjad: both(&one.abjad, &other.abjad),
        han: both(&one.han, &other.han),
        script: one.script,
        pinyin: one.pinyin && other.pinyin,
        kind: if one.kind == Kind::Initial || other.kind == Kind::Initial {
            Kind::Initial
        } else {
            Kind::Name
        },
        continues: one.continues,
        unread: one.unread || other.unread,
    }
}

/// How two runs agree and what that is worth; `None` if they do not.
fn compare(one: &Word, other: &Word, merged: bool, lexicon: &Lexicon) -> Option<(Likeness, f32)> {
    let either = |kind| one.kind == kind || other.kind == kind;
    if merged {
        return compare_merged(one, other, lexicon);
    }
    let likeness = liken(one, other, lexicon);
    if either(Kind::Particle) {
        // Also a mistyped one: "xal-Assad".
        let near = strsim::osa_distance(&one.forms[0], &other.forms[0]) <= 1;
        let short = one.forms[0].len().max(other.forms[0].len()) <= 3;
        return (near && short || likeness.level == Level::Same).then_some((likeness, 0.05));
    }
    if one.kind == Kind::Title && other.kind == Kind::Title {
        return (likeness.level <= Level::Spelling).then_some((likeness, 0.05));
    }
    if likeness.level == Level::Different || either(Kind::Title) && likeness.level > Level::Script {
        return None;
    }
    Some((likeness, weigh::worth(one, other, likeness, lexicon)))
}

/// Words written together on one side: only the same letters or nearly the same sounds count, and
/// an initial only as part of the same letters (`O Brien`).
fn compare_merged(one: &Word, other: &Word, lexicon: &Lexicon) -> Option<(Likeness, f32)> {
    let letters = |word: &Word| word.forms[0].len();
    let first = |form: &String| form.as_bytes().first().copied();
    let same_start = one.script != other.script
        || one
            .forms
            .iter()
            .any(|a| other.forms.iter().any(|b| first(a) == first(b)));
    if !same_start
        || letters(one).min(letters(other)) < 4
        || letters(one).abs_diff(letters(other)) > 3
    {
        return None;
    }
    if one.kind == Kind::Initial || other.kind == Kind::Initial {
        let same = one.forms.iter().any(|form| other.forms.contains(form));
        let likeness = Likeness {
            level: Level::Same,
            apart: 0.0,
        };
        let plain = |word: &Word| Word {
            kind: Kind::Name,
            ..word.clone()
        };
        return same.then(|| {
            (
                likeness,
                weigh::worth(&plain(one), &plain(other), likeness, lexicon),
            )
        });
    }
    let likeness = liken(one, other, lexicon);
    let near = likeness.level <= Level::Script && likeness.apart <= 0.1
        || likeness.level == Level::Slip && likeness.apart <= 0.12 && letters(one) >= 8;
    near.then(|| (likeness, weigh::worth(one, other, likeness, lexicon)))
}

struct Search<'a> {
    one: &'a Reading,
    other: &'a Reading,
    options: &'a [Vec<Pair>],
    seen: Vec<Option<(f32, Option<Pair>)>>,
    states: usize,
}

impl Search<'_> {
    /// The most that the words from `place` on are worth when those in `used` are taken.
    fn best(&mut self, place: usize, used: u16) -> f32 {
        let key = place * self.states + usize::from(used);
        if let Some((value, _)) = self.seen[key] {
            return value;
        }
        if place >= self.one.words.len() {
            let left: f32 = (0..self.other.words.len())
                .filter(|j| used >> j & 1 == 0)
                .map(|j| weigh::alone(self.other, j))
                .sum();
            self.seen[key] = Some((-left, None));
            return -left;
        }
        let mut value = self.best(place + 1, used) - weigh::alone(self.one, place);
        let mut choice = None;
        let options = self.options;
        for pair in &options[place] {
            if pair.other & used != 0 {
                continue;
            }
            let next = place + pair.one.count_ones() as usize;
            let found = pair.worth + self.best(next, used | pair.other);
            if found > value + 1e-6 {
                value = found;
                choice = Some(*pair);
            }
        }
        self.seen[key] = Some((value, choice));
        value
    }

    fn chosen(&self) -> Vec<Pair> {
        let (mut place, mut used) = (0, 0_u16);
        let mut out = Vec::new();
        while place < self.one.words.len() {
            match self.seen[place * self.states + usize::from(used)] {
                Some((_, Some(pair))) => {
                    place += pair.one.count_ones() as usize;
                    used |= pair.other;
                    out.push(pair);
                }
                _ => place += 1,
            }
        }
        out
    }
}
