//! A judgement in words.

use super::align::Pair;
use super::pair::Level;
use super::read::{Kind, Reading};
use super::script::Script;
use super::weigh::{Standing, Sum, standing};

/// What speaks against the two names being one, then what speaks for it.
pub(super) fn reasons(one: &Reading, other: &Reading, pairs: &[Pair], sum: &Sum) -> Vec<String> {
    let mut out = Vec::new();
    for (i, j) in &sum.conflicts {
        out.push(format!(
            "{} is not {}",
            one.words[*i].shown, other.words[*j].shown
        ));
    }
    if sum.generations_differ {
        out.push("another generation (Jr., Sr., III)".to_owned());
    }
    if sum.titles_differ {
        out.push("one title is a man's, one a woman's".to_owned());
    }
    for (side, reading) in [one, other].into_iter().enumerate() {
        let opposed = |place: &usize| {
            sum.conflicts
                .iter()
                .any(|(i, j)| if side == 0 { i == place } else { j == place })
        };
        for place in sum.left[side].iter().filter(|place| !opposed(place)) {
            let word = &reading.words[*place];
            let what = match word.kind {
                Kind::Particle | Kind::Title => continue,
                Kind::Initial => "initial",
                Kind::Patronymic => "father's name",
                Kind::Kunya => "name of honour",
                Kind::Alias => "addition",
                Kind::Name if standing(reading, *place) == Standing::Inner => "middle name",
                Kind::Name => "name",
            };
            let side = if side == 0 { "first" } else { "second" };
            out.push(format!("{what} {} only in the {side}", word.shown));
        }
    }
    if sum.reordered {
        out.push("other order".to_owned());
    }
    for pair in pairs {
        if let Some(words) = agreement(one, other, pair) {
            out.push(words);
        }
    }
    out
}

fn agreement(one: &Reading, other: &Reading, pair: &Pair) -> Option<String> {
    let shown = |reading: &Reading, places: u16| -> String {
        let words: Vec<&str> = (0..reading.words.len())
            .filter(|place| places >> place & 1 == 1)
            .map(|place| reading.words[place].shown.as_str())
            .collect();
        words.join(" ")
    };
    let first = pair.places();
    let aside = |kind| matches!(kind, Kind::Particle | Kind::Title);
    if aside(one.words[first.0].kind) || aside(other.words[first.1].kind) {
        return None;
    }
    let (a, b) = (shown(one, pair.one), shown(other, pair.other));
    Some(match pair.likeness.level {
        Level::Same if pair.one.count_ones() != pair.other.count_ones() => {
            format!("{a} is {b}, written together")
        }
        Level::Same => format!("{a} equal"),
        Level::Spelling => format!("{a} is another spelling of {b}"),
        Level::Script => {
            let native = one.words[first.0].script != Script::Latin;
            if native {
                format!("{a} is {b} in its own script")
            } else {
                format!("{b} is {a} in its own script")
            }
        }
        Level::Short => format!("{a} and {b} are forms of one name"),
        Level::Slip => format!("{a} is nearly {b}"),
        Level::Initial => format!("{a} fits {b}"),
        Level::Unread => format!("{a} may be read {b}"),
        Level::Different => return None,
    })
}
